// When two states of a small world are one. A state goes on as its rows, its engine's memory, its systems and what is on the way
// tell; and it is judged by the edits, what their editors had seen, and the losers that were kept. Left out, or told less exactly:
//   times     only their order, and the gaps between neighbours to a tenth of a second. The rules compare times with each other,
//             at most after adding a lag, an overlap or a pause of at least several tenths; all that happens without a wait or an
//             edit in between lies within some hundredths. Two states that differ in less go on through the same comparisons.
//   past      our clock's times of changes and writes that lie before every reading that is on its way: a later reading finds
//             each of them past, whatever they are
//   the life  when the engine was opened, once it bounds no doubt any more
//   cursors   polls reach back by at least a second before the newest time seen, and there is one record: it is always shown
//   history   only the losers kept, and of what else it tells that it does so: nothing is computed from it
//   intents   their ids only by order, the times of closed ones not at all
//   digests   of stored bodies: they follow from the bodies; only whether there is one
// What is told too exactly only makes states differ that are the same.
#include <algorithm>
#include <map>
#include <set>

#include "base/json.hpp"
#include "world/small_play.hpp"

namespace entente::world {
namespace {

constexpr std::int64_t gap_unit_ms = 100;

class Sketch {
public:
    explicit Sketch(Instant oldest_reading) : oldest_(oldest_reading) {}

    void number(std::int64_t n) {
        text_ += std::to_string(n);
        text_ += ',';
    }
    void text(std::string_view t) {
        number(std::ssize(t));
        text_ += t;
    }
    void time(Instant t) {
        if (t == Instant::never() || t.ms == 0) return text(t.ms == 0 ? "no" : "never");
        text_ += '\x1f';
        times_.push_back(t);
    }
    void past_or_time(Instant t, Duration reach) {
        if (t + reach <= oldest_)
            text("past");
        else
            time(t);
    }
    // A body shows its modified time.
    void body(const Value& body) {
        if (!body.is_object()) return text(json::write(body));
        for (const auto& [name, value] : body.as_object()) {
            text(name);
            if (name == "modified" && value.is_text())
                time(parse_instant(value.as_text()).value_or(Instant{}));
            else
                text(json::write(value));
        }
    }
    void body(const std::string& written) {
        const auto read = json::read(written);
        read ? body(*read) : text(written);
    }
    Digest digest() {
        std::vector<Instant> order = times_;
        std::ranges::sort(order);
        order.erase(std::unique(order.begin(), order.end()), order.end());
        for (const Instant t : times_) number(std::ranges::lower_bound(order, t) - order.begin());
        for (std::size_t i = 1; i < order.size(); ++i) {
            const std::int64_t gap = (order[i] - order[i - 1]).ms;
            number((gap + gap_unit_ms / 2) / gap_unit_ms);
        }
        return digest_of(text_);
    }

private:
    std::string text_;
    std::vector<Instant> times_;
    Instant oldest_;
};

// The rows of one store, through the port.
class StoreSketch {
public:
    StoreSketch(const SmallPlay& play, Sketch& out, sync::Transaction& store, bool has_creates)
        : play_(play), out_(out), store_(store), has_creates_(has_creates) {}

    void all() {
        for (std::size_t r = 0; r < play_.workspace().resources.size(); ++r)
            records(ResourceIndex{static_cast<std::int32_t>(r)});
        for (std::size_t d = 0; d < play_.workspace().data_types.size(); ++d)
            data_type(DataTypeIndex{static_cast<std::int32_t>(d)});
        for (const sync::Intent& i : store_.intents()) intent(i);
        for (const sync::Parked& parked : store_.parked(limit)) {
            out_.number(static_cast<int>(parked.reason));
            out_.number(parked.record.value);
            out_.number(parked.entity.value);
            out_.number(parked.data_type.value);
        }
        for (const sync::DataTypeState& state : store_.data_type_states()) {
            out_.number(state.joined);
            out_.text(state.stopped);
        }
        for (const sync::FeedState& feed : store_.feeds()) {
            out_.number(feed.swept_at.ms != 0);
            if (has_creates_) out_.time(feed.polled_at);
        }
        history();
    }

private:
    static constexpr int limit = 1'000;

    void records(ResourceIndex resource) {
        const model::RestProtocol& rest =
            play_.workspace().system(play_.workspace().resource(resource).system).rest;
        const Duration lag = std::max(rest.lag, rest.modified_granularity);
        const auto heads = store_.live_records(resource, {}, limit);
        std::vector<RecordId> ids;
        for (const sync::RecordHead& head : heads) ids.push_back(head.id);
        for (const sync::Record& record : store_.records(ids)) {
            out_.number(record.id.value);
            out_.text(record.external_id);
            out_.text(record.etag);
            out_.number(record.digest != Digest{});
            out_.number(static_cast<int>(record.matching));
            out_.time(record.modified.value_or(Instant{}));
            out_.past_or_time(record.changed_at, record.modified ? lag : before_all);
            out_.past_or_time(record.written_at, {});
            out_.body(record.body);
        }
        out_.text("records");
    }

    void data_type(DataTypeIndex d) {
        for (const sync::Link& link : store_.links(d, {}, limit)) {
            out_.number(link.id.value);
            out_.number(link.record.value);
            out_.number(link.entity.value);
            out_.number(static_cast<int>(link.state));
            if (has_creates_) out_.time(link.made_at);
            for (const sync::Shadow& shadow : link.shadows) {
                out_.text(shadow.value ? json::write(*shadow.value) : "unset");
                revision(shadow.revision);
            }
            for (const sync::Held& held : link.held) {
                out_.number(held.property.value);
                out_.number(held.rev);
            }
            entities_.insert(link.entity);
        }
        for (const sync::Dirty& dirty : store_.dirty_waiting(d, limit)) pair(dirty);
        for (const sync::Dirty& dirty : store_.dirty_ready(d, Instant::never(), limit)) pair(dirty);
        out_.text("pairs");
    }

    void pair(const sync::Dirty& dirty) {
        out_.number(dirty.entity.value);
        out_.number(dirty.awaits.value);
        out_.number(dirty.backfill);
        out_.past_or_time(dirty.not_before, {});
    }

    void revision(const sync::Revision& revision) {
        out_.number(revision.rev);
        out_.time(revision.stamp.l);
        out_.time(revision.stamp.t);
        out_.number(revision.stamp.c);
        out_.number(revision.stamp.author.system.value);
        for (const sync::LineEdit& edit : revision.line) {
            out_.number(edit.rev);
            out_.number(edit.system.value);
        }
    }

    void intent(const sync::Intent& intent) {
        out_.number(intent.record.value);
        out_.number(static_cast<int>(intent.phase));
        out_.number(intent.again);
        out_.number(intent.tries);
        out_.text(intent.precondition);
        out_.text(intent.made_id);
        out_.number(!intent.idempotency_key.empty());
        out_.text(intent.body);
        out_.past_or_time(intent.not_before, {});
        out_.time(intent.sent_at);
        for (const sync::IntentPart& part : intent.parts)
            for (const sync::Sent& sent : part.sent) {
                out_.number(sent.property.value);
                out_.text(json::write(sent.value));
                revision(sent.revision);
            }
    }

    void history() {
        std::multiset<std::string> losers;
        std::set<std::pair<int, std::int64_t>> told;
        const std::vector<EntityId> ids(entities_.begin(), entities_.end());
        for (const sync::Entity& entity : store_.entities(ids)) {
            out_.number(entity.id.value);
            out_.number(entity.rev);
            for (const sync::EntityProperty& property : entity.properties) {
                out_.text(json::write(property.value));
                revision(property.revision);
            }
            for (const sync::HistoryEvent& event : store_.history(entity.id, limit)) {
                told.insert({static_cast<int>(event.kind), event.record.value});
                using Kind = sync::HistoryEvent::Kind;
                if (event.kind == Kind::conflict || event.kind == Kind::first_join)
                    losers.insert(json::write(event.before.value_or(Value())) + "<" +
                                  json::write(event.after.value_or(Value())));
            }
        }
        for (const std::string& loser : losers) out_.text(loser);
        for (const auto& [kind, record] : told) {
            out_.number(kind);
            out_.number(record);
        }
    }

    static constexpr Duration before_all{1'000'000'000};  // a time that no reading makes past

    const SmallPlay& play_;
    Sketch& out_;
    sync::Transaction& store_;
    bool has_creates_;
    std::set<EntityId> entities_;
};

void add_call(Sketch& out, const sync::Effect& effect, Instant now) {
    out.number(effect.system.value);
    out.number(static_cast<int>(effect.purpose));
    out.number(static_cast<int>(effect.call.index()));
    if (effect.not_before > now) out.time(effect.not_before);
    if (const auto* update = std::get_if<sync::UpdateCall>(&effect.call)) {
        out.text(update->precondition);
        out.text(json::write(update->body));
    }
    if (const auto* create = std::get_if<sync::CreateCall>(&effect.call))
        out.text(json::write(create->body));
    if (const auto* read = std::get_if<sync::ReadCall>(&effect.call)) out.text(read->external_id);
}

bool is_unconditional(const sync::Call& call) {
    const auto* update = std::get_if<sync::UpdateCall>(&call);
    return update && update->precondition.empty();
}

void add_answer(Sketch& out, const sync::Answer& answer) {
    out.number(static_cast<int>(answer.outcome));
    out.number(answer.complete);
    out.time(answer.began);
    for (const sync::SeenRecord& seen : answer.records) {
        out.text(seen.external_id);
        out.text(seen.etag);
        out.body(seen.body);
    }
}

void add_systems(Sketch& out, const SmallState& state) {
    for (std::size_t i = 0; i < state.systems.size(); ++i) {
        for (const auto& [id, record] : state.systems[i]->table("things")) {
            out.text(id);
            out.body(record.body);
            out.number(record.version);
            out.time(record.modified);
            out.number(state.oracle->was_shown({static_cast<int>(i), "things", id}));
        }
        out.text(state.has_shown[i]);
    }
    for (const LateWrite& late : state.late) {
        out.number(static_cast<std::int64_t>(late.system));
        out.text(late.request.body);
        out.text(http::find(late.request.headers, "If-Match").value_or(""));
        out.time(late.until);
    }
}

// Which open intent a call is for, and which of the calls on their way was asked for last: the one whose answer is heard.
void add_turns(Sketch& out, const SmallState& state, const std::vector<sync::Intent>& open) {
    std::set<std::uint64_t> turns;
    for (const auto& [effect, at] : state.asked) turns.insert(effect.turn);
    for (const sync::Answered& answered : state.executed) turns.insert(answered.effect.turn);
    const auto place = [&](const sync::Effect& effect) {
        out.number(std::distance(turns.begin(), turns.find(effect.turn)));
        const auto found = std::ranges::find(open, effect.intent, &sync::Intent::id);
        out.number(found == open.end() ? -1 : found - open.begin());
    };
    for (const auto& [effect, at] : state.asked) place(effect);
    for (const sync::Answered& answered : state.executed) place(answered.effect);
}

// For so long the beginning of a life bounds doubts and waits.
Duration longest_wait(const SmallPlay& play) {
    Duration longest{0};
    for (const sim::Traits& traits : play.world().systems)
        longest = std::max(
            {longest, traits.granularity, Duration{traits.lag.ms + traits.visible_after.ms}});
    return longest;
}

}  // namespace

Digest sketch_of(const SmallPlay& play, const SmallState& state) {
    Instant oldest = state.ours();
    for (const sync::Answered& answered : state.executed)
        oldest = std::min(oldest, answered.answer.began);
    Sketch out(oldest);
    for (const int left :
         {state.edits[0], state.edits[1], state.faults, state.crashes, state.absences,
          state.is_away ? 1 : 0, state.left_open ? 1 : 0, state.by_hand, state.typed})
        out.number(left);
    out.text(state.history);
    out.text(state.ghost);
    out.number(state.oracle->windows());
    add_systems(out, state);
    for (const auto& [effect, at] : state.asked) {
        add_call(out, effect, state.ours());
        // The oracle excuses an unconditional write over an edit that was first shown after this.
        if (is_unconditional(effect.call)) out.past_or_time(at + state.off, {});
    }
    out.text("asked");
    for (const sync::Answered& answered : state.executed) {
        add_call(out, answered.effect, state.ours());
        add_answer(out, answered.answer);
    }
    const bool has_creates = play.world().start == SmallWorld::Start::only_first;
    for (const sync::Kept& kept : state.process->engine->kept()) {
        out.text(std::string_view(&kept.what, 1));
        if (kept.what != 'e') out.number(kept.of);
        const Duration reach = kept.what == 'h' ? longest_wait(play) : Duration{0};
        if (kept.what != 'r' || has_creates) out.past_or_time(kept.at, reach);
    }
    auto store = state.process->store->begin();
    CHECK(store.has_value(), "a store in memory is sound");
    add_turns(out, state, (*store)->intents());
    StoreSketch(play, out, **store, has_creates).all();
    out.time(state.now);
    out.number(state.off.ms);
    out.number(state.clock_sets);
    return out.digest();
}

}  // namespace entente::world
