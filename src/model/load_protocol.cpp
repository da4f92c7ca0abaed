#include "model/load_protocol.hpp"

#include <fmt/format.h>

namespace entente::model {
namespace {

void set_odata(RestProtocol& rest) {
    rest.record_path.clear();  // by the type of the key
    rest.select.parameter = "$select";
    rest.metadata_path = "/$metadata";
    rest.paging = RestProtocol::Paging::link;
    rest.error_code_at = "error.code";
    rest.error_inside_ok_at = "error";
    // Some services take ` or ` within one field only.
    rest.search_any = SearchAny::one_field;
}

void set_odata_v2(RestProtocol& rest) {
    set_odata(rest);
    rest.rows = {"d.results", "d"};
    rest.record_at = "d";
    rest.next_at = "d.__next";
    rest.error_message_at = "error.message.value";
}

void set_odata_v4(RestProtocol& rest) {
    set_odata(rest);
    rest.rows = {"value"};
    rest.next_at = "@odata.nextLink";
    rest.error_message_at = "error.message";
    rest.etag_at = "@odata.etag";
}

}  // namespace

void load_protocol(MapReader& connector, ConnectorDefinition& made) {
    made.dialect = connector
                       .one_of<Dialect>("protocol", {{"rest", Dialect::plain},
                                                     {"odata-v4", Dialect::odata_v4},
                                                     {"odata-v2", Dialect::odata_v2}})
                       .value_or(Dialect::plain);
    connector.demand("protocol", "protocol: rest");
    if (made.dialect == Dialect::odata_v2) set_odata_v2(made.rest);
    if (made.dialect == Dialect::odata_v4) set_odata_v4(made.rest);
}

void complete_protocol(ConnectorDefinition& made) {
    RestProtocol& rest = made.rest;
    const bool is_asked = rest.modified_at.empty() || !rest.modified_filter.parameter.empty();
    if (made.dialect == Dialect::plain || is_asked) return;
    const std::string time = literal(made.dialect, {FieldType::instant}, "time");
    std::string filter = fmt::format("{} ge {}", rest.modified_at, time);
    if (!rest.created_at.empty()) {
        filter = fmt::format("({} or {} ge {})", filter, rest.created_at, time);
    }
    rest.modified_filter = {"$filter", std::move(filter)};
}

}  // namespace entente::model
