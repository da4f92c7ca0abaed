#include "sim/business_central.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "base/json.hpp"
#include "base/text.hpp"
#include "sim/business_central_codes.hpp"

namespace entente::sim {
namespace {

using central::Set;

constexpr std::size_t calls_max = 6000;
constexpr Duration window{300'000};
constexpr Duration replica_lag{2'000};

std::string fold_for_search(std::string_view, const Value& value) {
    if (!value.is_text()) return json::write(value);
    return value.as_text() == edm::no_guid ? std::string() : value.as_text();
}

Resource resource_of(std::size_t set) {
    const edm::Entity& entity = central::entity_of(set);
    Resource resource{.name = std::string(entity.set),
                      .fields = edm::fields_of(entity, central::choices())};
    for (const edm::Property& property : entity.properties) {
        if (property.is_indexed) resource.search.emplace_back(property.name, property.name);
    }
    for (Field& field : resource.fields) {
        const edm::Property& property = *edm::find_property(entity, field.path);
        field.unique = field.path == "number" && property.access == edm::Access::open;
    }
    return resource;
}

SystemDescription describe() {
    SystemDescription description{.kind = "business-central",
                                  .root = std::string(BusinessCentral::root),
                                  .created_at = {},
                                  .modified_at = "lastModifiedDateTime",
                                  .quota_per_minute = calls_max / 5,
                                  .resources = {},
                                  .fold = fold_for_search};
    for (std::size_t set = 0; set < central::set_count; ++set) {
        description.resources.push_back(resource_of(set));
    }
    description.resources[central::sales_orders].search.emplace_back(central::pending_discount,
                                                                     central::pending_discount);
    return description;
}

bool was_sent(const Value& sent, std::string_view name) {
    return sent.find(name) != nullptr;
}

const std::string& text_at(const Value& record, std::string_view name) {
    return record.find(name)->as_text();
}

// A property that refers to a list by id, and the one that does so by code, if there is one.
struct CodePair {
    std::string_view id, code, set;
};
constexpr CodePair code_pairs[] = {
    {"currencyId", "currencyCode", "currencies"},
    {"baseUnitOfMeasureId", "baseUnitOfMeasureCode", "unitsOfMeasure"},
    {"unitOfMeasureId", "unitOfMeasureCode", "unitsOfMeasure"},
    {"paymentTermsId", "", "paymentTerms"},
    {"shipmentMethodId", "", "shipmentMethods"},
    {"paymentMethodId", "", "paymentMethods"}};

std::unexpected<Refusal> not_related(std::string_view field, std::string_view set) {
    return std::unexpected(Refusal{Refusal::Kind::invalid,
                                   fmt::format("has a value that is not among the {}.", set),
                                   std::string(field), "Internal_InvalidTableRelation"});
}

// Id and code of a record agree: the one that was sent decides, and both must not contradict each other.
Accepted<void> agree(Value& record, const Value& sent, const CodePair& pair) {
    const bool is_currency = pair.set == "currencies";
    std::string id = text_at(record, pair.id);
    if (id != edm::no_guid && central::code_of_id(pair.set, id).empty()) {
        return not_related(pair.id, pair.set);
    }
    if (pair.code.empty()) return {};
    std::string code = text_at(record, pair.code);
    if (is_currency && code == central::local_currency) code.clear();
    const std::string id_of_code = central::id_of_code(pair.set, code);
    if (!code.empty() && id_of_code.empty()) return not_related(pair.code, pair.set);
    if (was_sent(sent, pair.id) && !was_sent(sent, pair.code)) {
        code = central::code_of_id(pair.set, id);
    } else if (was_sent(sent, pair.id) && central::code_of_id(pair.set, id) != code) {
        return refuse(fmt::format("and {} do not match.", pair.code), pair.id);
    }
    id = central::id_of_code(pair.set, code);
    if (is_currency && code.empty()) code = central::local_currency;
    record.set(pair.id, id.empty() ? std::string(edm::no_guid) : id);
    record.set(pair.code, code);
    return {};
}

Accepted<void> agree_on_codes(Value& record, const Value& sent) {
    for (const CodePair& pair : code_pairs) {
        if (record.find(pair.id) == nullptr) continue;
        if (auto agreed = agree(record, sent, pair); !agreed) return agreed;
    }
    return {};
}

void compose_name(Value& employee) {
    std::string name;
    for (const std::string_view part : {"givenName", "middleName", "surname"}) {
        const std::string& text = text_at(employee, part);
        if (!text.empty()) name += (name.empty() ? "" : " ") + text;
    }
    employee.set("displayName", name);
}

}  // namespace

SlidingWindow::SlidingWindow(std::size_t limit, Duration length, std::int64_t clock)
    : limit_(limit), length_{std::max<std::int64_t>(1, length.ms / clock)} {
    CHECK(clock >= 1 && clock <= Quota::clock_max, "the clock factor is 1 to 1000000");
}

bool SlidingWindow::take(Instant now) {
    while (!calls_.empty() && calls_.front() + length_ <= now) calls_.pop_front();
    if (calls_.size() >= limit_) return false;
    calls_.push_back(now);
    return true;
}

std::int64_t SlidingWindow::seconds_until_one(Instant now) const {
    CHECK(!calls_.empty(), "who waits for a window has filled it");
    const Duration missing = calls_.front() + length_ - now;
    return std::max<std::int64_t>(1, (missing.ms + 999) / 1000);
}

BusinessCentral::BusinessCentral(const SimOptions& options)
    : RecordSystem(describe(), options),
      window_(calls_max, window, options.clock),
      life_{std::max<std::int64_t>(5'000, token_life.ms / options.clock)} {}

std::optional<std::int64_t> BusinessCentral::id_number(std::size_t set,
                                                       std::string_view text) const {
    return set < central::set_count ? central::number_of(set, text) : std::nullopt;
}

Value BusinessCentral::id_value(std::size_t set, std::int64_t id) const {
    return Value(central::guid_of(set, id));
}

Accepted<Value> BusinessCentral::translated(std::size_t set, Value sent, bool is_new) const {
    return edm::translate(central::entity_of(set), sent, is_new, central::choices());
}

Accepted<bool> BusinessCentral::complete(std::size_t set, Value& record, const Value& sent,
                                         bool is_new, const Surroundings& surroundings) {
    const Value before = record;
    if (set == central::employees) compose_name(record);
    const bool is_named = set == central::customers || set == central::contacts;
    if (is_named && text_at(record, "displayName").empty()) {
        return refuse("must be filled in.", "displayName");
    }
    const Value* number = record.find("number");
    if (!is_new && number != nullptr && number->as_text().empty()) {
        return refuse("must be filled in.", "number");
    }
    if (set == central::items && is_new && !(*record.find("inventory") == Value(0))) {
        return refuse("cannot be set on a new item.", "inventory");
    }
    if (central::document_of(set) != nullptr) {
        if (auto done = complete_document(record, sent, is_new); !done) {
            return std::unexpected(std::move(done).error());
        }
    }
    if (const central::Document* document = central::document_with(set); document != nullptr) {
        if (auto done = complete_line(*document, record, sent, is_new, surroundings); !done) {
            return std::unexpected(std::move(done).error());
        }
    }
    if (auto agreed = agree_on_codes(record, sent); !agreed) {
        return std::unexpected(std::move(agreed).error());
    }
    return !(record == before);
}

void BusinessCentral::stamp(std::size_t set, Value& record, std::optional<Instant> created,
                            Instant modified) const {
    if (central::document_with(set) != nullptr) return;
    record.set("lastModifiedDateTime", format_time(modified));
    // A document that names no day is of the day it was made on.
    for (const std::string_view day : {"orderDate", "documentDate", "invoiceDate", "postingDate"}) {
        const Value* old = record.find(day);
        if (created && old != nullptr && *old == Value(edm::no_date)) {
            record.set(day, date_of(*created));
        }
    }
}

// The version is opaque to clients: the record first, so that one of another record is known, then a number.
void BusinessCentral::seal(std::size_t set, Value& record, std::int64_t id) {
    const std::int64_t version = ++counters().last_version;
    record.set("@odata.etag", fmt::format("W/\"Jz{:02}{:012}{:014}Jw==\"", set, id, version));
    if (record.find("number") != nullptr) give_number(set, record, id);
}

// The number series: the first free one from the record's place in the table on.
void BusinessCentral::give_number(std::size_t set, Value& record, std::int64_t id) const {
    if (!text_at(record, "number").empty()) return;
    if (const central::Document* document = central::document_of(set); document != nullptr) {
        record.set("number", fmt::format("{}{:06}", document->series, id));
        return;
    }
    constexpr std::string_view series[] = {"C", "CT", "I", "E"};
    const auto& search = description().resources[set].search;
    const auto at =
        std::ranges::find(search, "number", [](const auto& pair) { return pair.second; });
    const auto index = static_cast<std::size_t>(at - search.begin());
    std::string number;
    do {
        number = fmt::format("{}{:05}", series[set], id++);
    } while (!books().table(set).search(index, number).empty());
    record.set("number", number);
}

http::Response BusinessCentral::commit(std::vector<Change> changes, const std::string& key,
                                       int status, const Call& call) {
    while (!past_.empty() && past_.front().until <= call.now) past_.pop_front();
    for (const Change& change : changes) {
        const Row* row = books().table(change.table).find(change.id);
        past_.push_back({call.now + replica_lag, change.table, change.id,
                         row == nullptr ? std::nullopt : std::optional(*row)});
    }
    return RecordSystem::commit(std::move(changes), key, status, call);
}

const Row* BusinessCentral::seen(std::size_t set, const Row& row, const Call& call) const {
    if (!http::find(call.request.headers, "Data-Access-Intent")) return &row;
    const auto at = std::ranges::find_if(past_, [&](const Past& past) {
        return past.until > call.now && past.set == set && past.id == row.id;
    });
    if (at == past_.end()) return &row;
    return at->row ? &*at->row : nullptr;
}

}  // namespace entente::sim
