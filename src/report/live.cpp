#include "report/live.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace entente::report {

std::string_view name_of(LiveFinding::Verdict verdict) {
    switch (verdict) {
        case LiveFinding::Verdict::ok:
            return "ok";
        case LiveFinding::Verdict::wrong:
            return "WRONG";
        case LiveFinding::Verdict::open:
            return "open";
    }
    std::unreachable();
}

std::string to_text(const LiveFinding& finding) {
    std::string out = fmt::format("{:<6} {}: {}: {}", name_of(finding.verdict), finding.where,
                                  finding.what, finding.text);
    if (!finding.right.empty()) out += "; " + finding.right;
    return out;
}

Value to_json(const LiveFindings& findings) {
    Value list = Value::list();
    for (const LiveFinding& finding : findings) {
        list.as_list().push_back(Value(Value::Object{{"verdict", name_of(finding.verdict)},
                                                     {"where", finding.where},
                                                     {"what", finding.what},
                                                     {"text", finding.text},
                                                     {"right", finding.right}}));
    }
    const auto count = [&](LiveFinding::Verdict verdict) {
        return Value(std::int64_t{std::ranges::count(findings, verdict, &LiveFinding::verdict)});
    };
    return Value(Value::Object{{"ok", count(LiveFinding::Verdict::ok)},
                               {"wrong", count(LiveFinding::Verdict::wrong)},
                               {"open", count(LiveFinding::Verdict::open)},
                               {"findings", std::move(list)}});
}

bool is_written(const model::Workspace& workspace, ResourceIndex resource) {
    return std::ranges::any_of(workspace.data_types_of(resource), [&](DataTypeIndex index) {
        return workspace.data_type(index).share;
    });
}

}  // namespace entente::report
