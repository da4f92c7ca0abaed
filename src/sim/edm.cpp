#include "sim/edm.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "base/error.hpp"
#include "base/text.hpp"
#include "base/time.hpp"
#include "sim/guid.hpp"

namespace entente::sim::edm {
namespace {

constexpr std::size_t text_max = 2048;

std::unexpected<Refusal> refuse_as(std::string_view code, std::string text,
                                   std::string_view field) {
    return std::unexpected(
        Refusal{Refusal::Kind::invalid, std::move(text), std::string(field), code});
}

std::string type_name(const Property& property) {
    switch (property.type) {
        case Type::text:
        case Type::code:
            return "Edm.String";
        case Type::number:
            return "Edm.Decimal";
        case Type::whole:
            return "Edm.Int32";
        case Type::boolean:
            return "Edm.Boolean";
        case Type::date:
            return "Edm.Date";
        case Type::time:
            return "Edm.DateTimeOffset";
        case Type::guid:
            return "Edm.Guid";
        case Type::choice:
            break;
    }
    return fmt::format("Microsoft.NAV.{}", property.choice);
}

bool is_textual(Type type) {
    return type == Type::text || type == Type::code;
}

FieldType field_type(Type type) {
    switch (type) {
        case Type::number:
        case Type::whole:
            return FieldType::number;
        case Type::boolean:
            return FieldType::boolean;
        case Type::date:
            return FieldType::date;
        default:
            return FieldType::text;
    }
}

const Choice& choice_of(const Property& property, std::span<const Choice> choices) {
    const auto at = std::ranges::find(choices, property.choice, &Choice::name);
    CHECK(at != choices.end(), "a property's choice is among the choices");
    return *at;
}

bool has_type(const Property& property, const Value& value) {
    switch (property.type) {
        case Type::text:
        case Type::code:
        case Type::choice:
            return value.is_text();
        case Type::number:
            return value.is_decimal();
        case Type::whole:
            return value.is_decimal() && value.as_decimal().is_whole();
        case Type::boolean:
            return value.is_bool();
        case Type::date:
            return value.is_text() && is_date(value.as_text());
        case Type::time:
            return value.is_text() && parse_instant(value.as_text()).has_value();
        case Type::guid:
            return value.is_text() && is_guid(value.as_text());
    }
    return false;
}

Accepted<Value> translate_one(const Property& property, const Value& sent,
                              std::span<const Choice> choices) {
    if (sent.is_null() && is_textual(property.type)) return Value("");
    if (sent.is_null()) {
        return refuse_as("BadRequest_RequiredParamNotProvided", "may not be null", property.name);
    }
    if (!has_type(property, sent)) {
        return refuse_as(
            "BadRequest",
            fmt::format("Cannot convert a value to target type '{}'.", type_name(property)),
            property.name);
    }
    if (is_textual(property.type) && property.max != 0 &&
        text::length(sent.as_text()) > property.max) {
        return refuse_as("Application_StringExceededLength",
                         fmt::format("The length of the string is {}, but it must be less than or "
                                     "equal to {} characters.",
                                     text::length(sent.as_text()), property.max),
                         property.name);
    }
    if (property.type == Type::choice) {
        const auto& members = choice_of(property, choices).members;
        if (std::ranges::find(members, sent.as_text()) == members.end()) {
            return refuse_as(
                "Unknown",
                fmt::format("'{}' is no member of {}.", sent.as_text(), type_name(property)),
                property.name);
        }
    }
    if (property.type == Type::guid) return Value(text::lower(sent.as_text()));
    return sent;
}

void write_property(std::string& out, const Property& property) {
    out += fmt::format(R"(<Property Name="{}" Type="{}")", property.name, type_name(property));
    if (!is_textual(property.type)) out += R"( Nullable="false")";
    if (is_textual(property.type) && property.max != 0) {
        out += fmt::format(R"( MaxLength="{}")", property.max);
    }
    if (property.type == Type::number) out += R"( Scale="Variable")";
    if (property.access == Access::open || property.access == Access::once) {
        out += "/>";
        return;
    }
    out += R"(><Annotation Term="Org.OData.Core.V1.Computed" Bool="true"/></Property>)";
}

void write_entity(std::string& out, const Entity& entity) {
    out += fmt::format(R"(<EntityType Name="{}"><Key><PropertyRef Name="id"/></Key>)", entity.name);
    for (const Property& property : entity.properties) write_property(out, property);
    for (const Navigation& lines : entity.lines) {
        out += fmt::format(
            R"xml(<NavigationProperty Name="{}" Type="Collection(Microsoft.NAV.{})" )xml"
            R"xml(ContainsTarget="true"/>)xml",
            lines.name, lines.entity);
    }
    out += "</EntityType>";
}

void write_choice(std::string& out, const Choice& choice) {
    out += fmt::format(R"(<EnumType Name="{}">)", choice.name);
    for (std::size_t i = 0; i < choice.members.size(); ++i) {
        out += fmt::format(R"(<Member Name="{}" Value="{}"/>)", choice.members[i], i);
    }
    out += "</EnumType>";
}

}  // namespace

const Property* find_property(const Entity& entity, std::string_view name) {
    const auto at = std::ranges::find(entity.properties, name, &Property::name);
    return at == entity.properties.end() ? nullptr : &*at;
}

Value blank_of(const Property& property, std::span<const Choice> choices) {
    switch (property.type) {
        case Type::text:
        case Type::code:
            return Value("");
        case Type::number:
        case Type::whole:
            return Value(0);
        case Type::boolean:
            return Value(false);
        case Type::date:
            return Value(no_date);
        case Type::time:
            return Value("0001-01-01T00:00:00Z");
        case Type::guid:
            return Value(no_guid);
        case Type::choice:
            break;
    }
    return Value(choice_of(property, choices).members.front());
}

std::vector<Field> fields_of(const Entity& entity, std::span<const Choice> choices) {
    std::vector<Field> fields;
    for (const Property& property : entity.properties) {
        if (property.name == "id") continue;
        fields.push_back({.path = property.name,
                          .type = field_type(property.type),
                          .max = property.max == 0 ? text_max : property.max,
                          .fixed = property.access == Access::once,
                          .read_only = property.access == Access::silent,
                          .insiders_only = property.access == Access::computed,
                          .upper = property.type == Type::code,
                          .rounds_to = property.type == Type::number ? property.decimals : 0,
                          .initial = blank_of(property, choices)});
    }
    return fields;
}

Accepted<Value> translate(const Entity& entity, const Value& sent, bool is_new,
                          std::span<const Choice> choices) {
    Value out = Value::object();
    for (const auto& [name, value] : sent.as_object()) {
        // What describes the body, as "@odata.etag", says nothing about the record.
        if (name.contains('@')) continue;
        if (std::ranges::find(entity.lines, name, &Navigation::name) != entity.lines.end()) {
            if (!is_new) {
                return refuse_as("BadRequest",
                                 "Nested entities are changed one by one, not with their parent.",
                                 name);
            }
            out.set(name, value);
            continue;
        }
        const Property* property = find_property(entity, name);
        if (property == nullptr) {
            return refuse_as("BadRequest",
                             fmt::format("The property '{}' does not exist on type "
                                         "'Microsoft.NAV.{}'.",
                                         name, entity.name),
                             name);
        }
        if (property->access == Access::silent) continue;
        if (property->access == Access::computed) {
            return refuse_as("BadRequest_InvalidOperation",
                             fmt::format("The control '{}' is read-only.", name), name);
        }
        Accepted<Value> translated = translate_one(*property, value, choices);
        if (!translated) return translated;
        out.set(name, *std::move(translated));
    }
    return out;
}

std::string metadata(std::span<const Entity* const> entities, std::span<const Choice> choices) {
    std::string out =
        R"(<?xml version="1.0" encoding="utf-8"?><edmx:Edmx Version="4.0" )"
        R"(xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx"><edmx:DataServices>)"
        R"(<Schema Namespace="Microsoft.NAV" xmlns="http://docs.oasis-open.org/odata/ns/edm">)";
    for (const Choice& choice : choices) write_choice(out, choice);
    for (const Entity* entity : entities) write_entity(out, *entity);
    out += R"(<EntityContainer Name="NAV">)";
    for (const Entity* entity : entities) {
        out += fmt::format(R"(<EntitySet Name="{}" EntityType="Microsoft.NAV.{}"/>)", entity->set,
                           entity->name);
    }
    return out + "</EntityContainer></Schema></edmx:DataServices></edmx:Edmx>";
}

}  // namespace entente::sim::edm
