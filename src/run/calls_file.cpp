#include "run/calls_file.hpp"

#include "base/json.hpp"
#include "run/files.hpp"

namespace entente::run {

namespace {

constexpr std::size_t bytes_max = 1 << 20;

SystemCalls calls_from(const Value& json, Duration passed, Instant now) {
    SystemCalls calls;
    for (std::size_t at = 0; at < works; ++at) {
        const Value* made = json.at_path("made." + std::string(name_of(static_cast<Work>(at))));
        if (made && made->is_decimal()) calls.made[at] = made->as_decimal().to_int().value_or(0);
    }
    const Value* quotas = json.find("quotas");
    if (!quotas || !quotas->is_list()) return calls;
    for (const Value& one : quotas->as_list()) {
        const auto use = model::quota_use_from(one);
        if (use) calls.quotas.push_back(model::later(*use, passed, now));
    }
    return calls;
}

}  // namespace

std::filesystem::path calls_path(const std::filesystem::path& store_path) {
    return store_path.string() + ".calls.json";
}

Value made_json(const std::array<std::int64_t, works>& made) {
    Value out = Value::object();
    for (std::size_t at = 0; at < works; ++at)
        out.set(std::string(name_of(static_cast<Work>(at))), made[at]);
    return out;
}

Result<void> write_calls(const std::filesystem::path& path, const CallsBySystem& calls,
                         Instant now) {
    Value systems = Value::object();
    for (const auto& [name, one] : calls) {
        Value quotas = Value::list();
        for (const auto& quota : one.quotas) quotas.as_list().push_back(model::to_json(quota));
        Value system = Value::object();
        system.set("made", made_json(one.made));
        system.set("quotas", std::move(quotas));
        systems.set(name, std::move(system));
    }
    Value out = Value::object();
    out.set("at", format_instant(now));
    out.set("systems", std::move(systems));
    return write_private_file(path, json::write(out));
}

CallsBySystem read_calls(const std::filesystem::path& path, Instant now) {
    CallsBySystem out;
    const auto bytes = read_file(path, bytes_max);
    if (!bytes) return out;
    const auto json = json::read(*bytes);
    if (!json || !json->is_object()) return out;
    const Value* at = json->find("at");
    const Value* systems = json->find("systems");
    if (!at || !at->is_text() || !systems || !systems->is_object()) return out;
    const auto written = parse_instant(at->as_text());
    if (!written) return out;
    for (const auto& [name, system] : systems->as_object())
        if (system.is_object()) out[name] = calls_from(system, now - *written, now);
    return out;
}

}  // namespace entente::run
