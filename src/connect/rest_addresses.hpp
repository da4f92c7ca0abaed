// Where the calls to a REST system go: every URL that is asked of it, made of its base URL, the patterns of its connector.yaml and
// the call. Pure. Serves the safety of the wire: nothing but what lies below the system's own base URL passes `check_own`,
// links in answers included.
#pragma once

#include <optional>
#include <string>

#include "base/http.hpp"
#include "base/time_zone.hpp"
#include "connect/url.hpp"
#include "model/workspace.hpp"
#include "sync/call.hpp"

namespace entente::connect {

class RestAddresses {
public:
    // bad_input: a base URL that is no place for credentials, or an unknown time zone.
    static Result<RestAddresses> open(const model::System& system);

    const std::string& base() const { return base_; }  // without a slash at its end
    // bad_input: the URL leads away from the system.
    Result<void> check_own(const std::string& url) const;
    // All of them bad_input when the call cannot be made of this resource, corrupt when a link leads away.
    Result<std::string> collection(const model::Resource& resource) const;
    Result<std::string> record(const model::Resource& resource, const std::string& id) const;
    Result<std::string> list(const model::Resource& resource, const sync::ListCall& call) const;
    Result<std::string> search(const model::Resource& resource, const sync::SearchCall& call) const;
    // By the key of the record, or as a list of one where the connector wants it so.
    Result<std::string> read(const model::Resource& resource, const std::string& id) const;
    Result<std::string> rights(const model::Resource& resource) const;

    // Whether a cursor is a link to the next page; and the URL it means.
    bool is_link(const std::string& cursor) const;
    Result<std::string> link(const std::string& cursor) const;

    // Of times that name no zone; null pointer: UTC.
    const TimeZone* zone() const { return zone_ ? &*zone_ : nullptr; }

private:
    explicit RestAddresses(const model::RestProtocol& protocol) : protocol_(&protocol) {}

    Result<void> set_base(const model::System& system);
    http::Query first_page() const;
    Result<http::Query> page_at(const std::string& cursor) const;
    Result<void> add_changed(const model::Resource& resource, const sync::ListCall& call,
                             http::Query& query) const;
    Result<std::string> removals(const model::Resource& resource, const sync::ListCall& call,
                                 http::Query query) const;
    Result<std::string> outer_list(const model::Resource& resource, http::Query query) const;
    Result<void> add_order(const model::Resource& resource, http::Query& query) const;
    Result<http::Query> conditions(const model::Resource& resource,
                                   const sync::SearchTerms& terms) const;
    Result<http::Query> any_of(const model::Resource& resource, const sync::SearchCall& call) const;
    void add_fields(const model::Resource& resource, bool is_feed, http::Query& query) const;
    std::string text_of(Instant since) const;

    const model::RestProtocol* protocol_;
    std::string base_;
    Url base_url_;
    std::optional<TimeZone> zone_;
};

}  // namespace entente::connect
