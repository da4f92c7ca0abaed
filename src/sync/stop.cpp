#include "sync/stop.hpp"

namespace entente::sync {

void stop_data_type(Step& step, DataTypeIndex d, const std::string& why) {
    DataTypeState& state = step.memory.data_types.at(d);
    if (state.stopped.empty()) {
        HistoryEvent event;
        event.kind = HistoryEvent::Kind::stopped;
        event.data_type = d;
        event.text = why;
        Notice notice;
        notice.kind = Notice::Kind::stopped;
        notice.data_type = d;
        notice.text = why;
        step.notice(std::move(notice));
        step.record(std::move(event));
    }
    if (state.stopped.empty() || !state.is_one_with_another) state.stopped = why;
    step.transaction.put_data_type_state(state);
}

void resume_data_type(Step& step, DataTypeIndex d) {
    DataTypeState& state = step.memory.data_types.at(d);
    step.memory.guard_waived.erase(d);
    if (state.stopped.empty() || state.is_one_with_another) return;
    state.stopped.clear();
    step.transaction.put_data_type_state(state);
    step.memory.maybe_ready[d] = true;
}

}  // namespace entente::sync
