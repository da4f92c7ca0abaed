#include <fmt/format.h>

#include "model/load_rest.hpp"

namespace entente::model {
namespace {

// Wide enough for every system met; they catch slips like a quota of 0.
constexpr IntegerRange requests_range{1, 10'000'000};
constexpr IntegerRange concurrent_range{1, 1'000};
// More would leave too little for anything to be seen that could be carried.
constexpr IntegerRange for_edits_range{0, 75};
constexpr IntegerRange errors_range{1, 1'000'000};

Duration period_of(MapReader& map, Duration otherwise, Reporter& report) {
    const Duration per = map.duration("per").value_or(otherwise);
    if (per.ms <= 0) {
        report.error(map.at("per"), "`per` must be longer than nothing", "write 1min");
    }
    return per;
}

Quota read_quota(MapReader& map, Reporter& report) {
    using Reset = Quota::Reset;
    Quota quota;
    quota.requests = map.integer("requests", requests_range).value_or(quota.requests);
    quota.per = period_of(map, quota.per, report);
    quota.remaining_header = map.text("remaining").value_or("");
    quota.reset_header = map.text("reset").value_or("");
    quota.reset = map.one_of<Reset>("reset_in", {{"seconds", Reset::seconds},
                                                 {"epoch_seconds", Reset::epoch_seconds},
                                                 {"epoch_milliseconds", Reset::epoch_milliseconds}})
                      .value_or(quota.reset);
    if (quota.reset != Reset::seconds) {
        // The end of a fixed window is of use only with what is left until then.
        map.demand("requests", "requests: 60");
        map.demand("remaining", "remaining: X-RateLimit-Remaining");
        map.demand("reset", "reset: X-RateLimit-Reset");
    }
    return quota;
}

void load_error_budget(const yaml::Node& node, RestProtocol& rest, Reporter& report) {
    MapReader map(node, "`errors`", report);
    rest.errors_allowed = map.integer("allowed", errors_range).value_or(rest.errors_allowed);
    map.demand("allowed", "allowed: 8");
    rest.errors_per = period_of(map, rest.errors_per, report);
    map.demand("per", "per: 1h");
    map.finish();
}

}  // namespace

void load_budget(const yaml::Node& node, RestProtocol& rest, Reporter& report) {
    MapReader map(node, "`budget`", report);
    Quota alone = read_quota(map, report);
    const bool is_declared = alone.requests > 0 || !alone.remaining_header.empty();
    rest.concurrent = map.integer("concurrent", concurrent_range).value_or(rest.concurrent);
    rest.for_edits = map.integer("for_edits", for_edits_range).value_or(rest.for_edits);
    if (const yaml::Node* quotas = map.take("quotas")) {
        if (is_declared) {
            report.error(quotas->at, "one quota stands beside a list of quotas",
                         "write all of them in `quotas`");
        }
        if (!quotas->is_list()) {
            report.error(quotas->at, "`quotas` is a list",
                         "write [{requests: 60, per: 1min}, {requests: 5000, per: 1d}]");
        }
        for (const yaml::Node& item : quotas->items) {
            MapReader quota(item, "quota", report);
            rest.quotas.push_back(read_quota(quota, report));
            quota.demand("requests", "requests: 60");
            quota.finish();
        }
    } else if (is_declared) {
        rest.quotas.push_back(std::move(alone));
    }
    if (const yaml::Node* errors = map.take("errors")) load_error_budget(*errors, rest, report);
    map.finish();
}

}  // namespace entente::model
