// A body that nobody asked for, as a system's webhook would bring it: read with the connector's paths as each of the system's
// records and lists. What is shown is a record of that list or a reason. The reading promises what a webhook will need: that it
// is the same each time, leads to no other page and speaks of no write.
#include <map>
#include <string>

#include "base/text.hpp"
#include "targets/input.hpp"
#include "targets/wire.hpp"

namespace entente::fuzz {
namespace {

using sync::Answer;
using sync::Outcome;

void check_shown(const Answer& answer) {
    if (answer.outcome != Outcome::ok) {
        check_message(answer.message);
        CHECK(!answer.message.contains(secret), "a message never holds the secret");
        CHECK(answer.records.empty(), "what cannot be read shows nothing");
    }
    std::map<std::string, const Value*> shown;
    for (const sync::SeenRecord& record : answer.records) {
        CHECK(!record.external_id.empty() && text::is_utf8(record.external_id), "an id is a text");
        CHECK(record.body.is_object(), "a record is an object");
        const auto [known, is_first] = shown.emplace(record.external_id, &record.body);
        CHECK(is_first || *known->second == record.body, "what has one id looks the same");
    }
}

void check_same(const Answer& one, const Answer& two) {
    CHECK(one.outcome == two.outcome && one.message == two.message, "read twice, judged alike");
    CHECK(one.records.size() == two.records.size(), "read twice, as many records");
    for (std::size_t i = 0; i < one.records.size(); ++i)
        CHECK(one.records[i].external_id == two.records[i].external_id &&
                  one.records[i].body == two.records[i].body,
              "read twice, the same records");
}

}  // namespace

void fuzz_webhook(Bytes input) {
    std::string_view rest = text_of(input);
    const Wire& wire = Wire::shared();
    const auto& systems = wire.workspace().systems;
    const SystemIndex system{static_cast<std::int32_t>(take_choice(rest, systems.size()))};
    const connect::RestConnector& connector = wire.connector(system);
    const std::string named(take_line(rest));
    const http::Response body{200, {{"Content-Type", "application/json"}}, std::string(rest)};
    for (const ResourceIndex resource : systems[system.at()].resources) {
        const Answer list = connector.answer(sync::ListCall{resource, {}, {}}, body);
        check_shown(list);
        check_same(list, connector.answer(sync::ListCall{resource, {}, {}}, body));
        const Answer record = connector.answer(sync::ReadCall{resource, named}, body);
        check_shown(record);
        CHECK(record.next.empty(), "a record leads to no other page");
        if (record.outcome == Outcome::ok)
            CHECK(record.records.size() == 1 && record.records.front().external_id == named,
                  "a record is the one that was named");
    }
}

}  // namespace entente::fuzz
