// Responses of any status, headers and body, to every kind of call of every shipped connector: an
// answer that is one, or a reason; never a record that was not asked for, never a write taken for
// undone that may have been done.
#include <algorithm>
#include <charconv>
#include <map>
#include <string>

#include "base/json.hpp"
#include "base/text.hpp"
#include "connect/url.hpp"
#include "model/lens.hpp"
#include "targets/input.hpp"
#include "targets/wire.hpp"

namespace entente::fuzz {
namespace {

using sync::Answer;
using sync::Outcome;

http::Response response_of(std::string_view rest) {
    http::Response response;
    const std::string_view status = take_line(rest);
    std::from_chars(status.data(), status.data() + status.size(), response.status);
    while (!rest.empty()) {
        const std::string_view line = take_line(rest);
        if (line.empty()) break;
        const std::size_t colon = std::min(line.find(": "), line.size());
        response.headers.emplace_back(line.substr(0, colon),
                                      line.substr(std::min(colon + 2, line.size())));
    }
    response.body = rest;
    return response;
}

void check_failure(const sync::Call& call, const http::Response& response, const Answer& answer) {
    check_message(answer.message);
    CHECK(answer.message.size() < 4'000, "a message is short");
    CHECK(!answer.message.contains(secret), "a message never holds the secret");
    CHECK(text::is_utf8(answer.field) && !answer.field.contains(secret), "nor does a field");
    CHECK(answer.retry_after >= Duration{0} && answer.retry_after <= Duration{24LL * 3'600'000},
          "a pause is at most a day");
    if (!sync::is_write(call)) return;
    // G6: only what was certainly not executed is tried again.
    const bool is_unexecuted = response.status == 425 || response.status == 429;
    CHECK(answer.outcome != Outcome::retry_later || is_unexecuted,
          "a write that may have been executed is not simply tried again");
}

void check_lenses(const Wire& wire, ResourceIndex resource, const Value& body) {
    for (const DataTypeIndex index : wire.workspace().data_types_of(resource)) {
        for (const model::Mapping& mapping : wire.workspace().data_type(index).map) {
            const auto got = model::get(mapping.lens, body);
            if (!got) check_message(got.error().message());
            if (!got || !got->has_value() || mapping.lens.constant) continue;
            Value copy = body;
            if (!model::put(mapping.lens, **got, copy)) {
                CHECK(copy == body, "what is refused changes nothing");
                continue;
            }
            const auto again = model::get(mapping.lens, copy);
            CHECK(again && again->has_value(), "what was put is there");
            CHECK(model::equivalent(mapping.lens, **got, **again), "what was put is what is got");
        }
    }
}

void check_records(const Wire& wire, const Choice& choice, const Answer& answer) {
    std::map<std::string, const Value*> shown;
    for (const sync::SeenRecord& record : answer.records) {
        CHECK(!record.external_id.empty(), "a record has an id");
        CHECK(text::is_utf8(record.external_id), "an id is UTF-8");
        CHECK(record.body.is_object(), "a record is an object");
        const auto [known, is_first] = shown.emplace(record.external_id, &record.body);
        CHECK(is_first || *known->second == record.body, "what has one id looks the same");
        check_lenses(wire, choice.resource, record.body);
    }
}

// What an answer of a list leads to can be asked for, at the system itself, and is another page.
void check_next(const Wire& wire, const Choice& choice, std::string_view cursor,
                const Answer& answer) {
    if (answer.next.empty()) return;
    CHECK(answer.next != cursor, "a cursor moves");
    sync::ListCall next{choice.resource, {}, answer.next};
    CHECK(wire.connector(choice.system).request(next).has_value(),
          "the next page can be asked for");
}

void check_success(const Wire& wire, const Choice& choice, std::string_view text,
                   const http::Response& response, const Answer& answer) {
    CHECK(response.status >= 200 && response.status <= 299, "success is a 2xx");
    const std::size_t records = answer.records.size();
    const bool is_list = choice.kind == CallKind::list || choice.kind == CallKind::search;
    CHECK(is_list || answer.next.empty(), "only lists go on");
    if (is_list) check_next(wire, choice, choice.kind == CallKind::list ? text : "", answer);
    if (choice.kind == CallKind::read) CHECK(records == 1, "a read gives its record");
    if (choice.kind == CallKind::rights) CHECK(records == 0, "rights are no records");
    if (!is_list) CHECK(records <= 1, "a write gives at most its record");
    const bool is_asked = choice.kind == CallKind::read || choice.kind == CallKind::update;
    if (is_asked && records == 1) {
        CHECK(answer.records.front().external_id == text, "the record is the one asked for");
    }
}

}  // namespace

void fuzz_answer(Bytes input) {
    std::string_view rest = text_of(input);
    const Wire& wire = Wire::shared();
    const Choice choice = take_choice_of_call(wire, rest);
    const std::string_view text = take_line(rest);
    const sync::Call call = call_of(wire, choice, text);
    const http::Response response = response_of(rest);
    const Answer answer = wire.connector(choice.system).answer(call, response);
    if (answer.outcome == Outcome::ok) {
        check_success(wire, choice, text, response, answer);
    } else {
        check_failure(call, response, answer);
        CHECK(answer.next.empty(), "a failure leads nowhere");
    }
    check_records(wire, choice, answer);
}

}  // namespace entente::fuzz
