#include "store/memory_digest.hpp"

#include <utility>

#include "store/bytes.hpp"
#include "store/digest_bytes.hpp"
#include "store/entry_codec.hpp"

namespace entente::store {
namespace {

// The fields of one row after the other, each in a form that says where it ends.
class Fields {
public:
    std::string take() { return out_.take(); }

    template <class... T>
    void all(const T&... fields) {
        (one(fields), ...);
    }
    template <class Rows>
    void rows(const Rows& rows) {
        out_.number(rows.size());
        for (const auto& [key, row] : rows) one(*row);
    }

private:
    template <class Tag>
    void one(const Id<Tag>& id) {
        out_.integer(id.value);
    }
    template <class Tag>
    void one(const Index<Tag>& index) {
        out_.integer(index.value);
    }
    template <class E>
        requires std::is_enum_v<E>
    void one(E e) {
        out_.byte(static_cast<std::uint8_t>(std::to_underlying(e)));
    }
    template <class N>
        requires std::is_integral_v<N>
    void one(N n) {
        out_.integer(std::int64_t{n});
    }
    template <class T>
    void one(const std::optional<T>& field) {
        one(field.has_value());
        if (field) one(*field);
    }
    template <class T>
    void one(const std::vector<T>& list) {
        out_.number(list.size());
        for (const T& element : list) one(element);
    }
    void one(const std::string& text) { out_.text(text); }
    void one(Instant at) { out_.integer(at.ms); }
    void one(Duration d) { out_.integer(d.ms); }
    void one(const Value& value) { write_value(out_, value); }
    void one(const Digest& digest) { out_.text(DigestBytes(digest).bytes()); }

    void one(const sync::LineEdit& e) { all(e.rev, e.system); }
    void one(const sync::Revision& r) {
        all(r.rev, r.stamp.l, r.stamp.c, r.stamp.t, r.stamp.author.system, r.stamp.author.data_type,
            r.line);
    }
    void one(const sync::EntityProperty& p) { all(p.value, p.revision, p.origin); }
    void one(const sync::Shadow& s) { all(s.value, s.revision); }
    void one(const sync::InVain& v) { all(v.failed, v.waited); }
    void one(const sync::Offers& o) { all(o.next, o.pause, o.made, o.lasted); }
    void one(const sync::Held& h) { all(h.property, h.reason, h.rev, h.offers); }
    void one(const sync::Sent& s) { all(s.property, s.value, s.written, s.revision); }
    void one(const sync::IntentPart& p) { all(p.entity, p.data_type, p.link, p.sent); }

    void one(const sync::RecordHead& r) {
        all(r.id, r.resource, r.external_id, r.parent, r.digest, r.etag, r.modified, r.changed_at,
            r.written_at, r.state, r.matching);
    }
    void one(const sync::Entity& e) { all(e.id, e.model, e.parent, e.rev, e.properties); }
    void one(const sync::Link& l) {
        all(l.id, l.record, l.data_type, l.entity, l.state, l.origin, l.made_at, l.shadows, l.held);
    }
    void one(const sync::Dirty& d) {
        all(d.entity, d.data_type, d.not_before, d.awaits, d.why, d.backfill, d.in_vain,
            d.is_offer);
    }
    void one(const sync::Intent& i) {
        all(i.id, i.resource, i.external_id, i.record, i.parts, i.body, i.precondition,
            i.idempotency_key, i.made_id, i.phase, i.again, i.tries, i.made_at, i.sent_at,
            i.not_before, i.in_vain, i.failure);
    }
    void one(const sync::Parked& p) {
        all(p.reason, p.record, p.entity, p.data_type, p.text, p.candidates, p.since, p.refused,
            p.offers);
    }
    void one(const sync::FeedState& f) {
        all(f.resource, f.cursor, f.swept_at, f.polled_at, f.records, f.row_version,
            f.doubtful_walks, f.doubt);
    }
    void one(const sync::DataTypeState& s) {
        all(s.data_type, s.joined, s.joined_at, s.approved, s.stopped, s.fingerprint,
            s.configuration, s.is_one_with_another);
    }
    void one(const sync::Trouble& t) { all(t.kind, t.system, t.resource, t.text, t.since); }
    void one(const sync::HistoryEvent& e) {
        all(e.kind, e.at, e.entity, e.link, e.record, e.data_type, e.property, e.before, e.after,
            e.text);
    }
    void one(const sync::Deferred& d) {
        all(d.resource, d.external_id, d.body, d.etag, d.modified, d.skew, d.began, d.ended);
    }

    ByteWriter out_;
};

}  // namespace

Digest digest_of(const MemoryTables& tables) {
    Fields fields;
    fields.rows(tables.records.heads());
    fields.rows(tables.records.bodies());
    fields.all(std::ssize(tables.keys.rows()));
    for (const auto& [record, carried] : tables.keys.rows())
        fields.all(record, carried->resource, carried->keys);
    fields.rows(tables.entities.rows());
    fields.rows(tables.links.rows());
    fields.rows(tables.dirty.rows());
    fields.rows(tables.intents.rows());
    fields.rows(tables.parked.rows());
    fields.all(std::ssize(tables.apart.pairs()));
    for (const auto& [pair, nothing] : tables.apart.pairs()) fields.all(pair.first, pair.second);
    fields.rows(tables.states.feed_rows());
    fields.rows(tables.states.data_type_rows());
    fields.rows(tables.states.events());
    fields.rows(tables.troubles.rows());
    fields.all(std::ssize(tables.losses.rows()));
    for (const auto& [loss, at] : tables.losses.rows()) fields.all(loss.first, loss.second, at);
    fields.all(std::ssize(tables.waiting.awaited()));
    for (const auto& [awaited, nothing] : tables.waiting.awaited()) {
        const auto& [resource, external_id, referrer] = awaited;
        fields.all(resource, external_id, referrer);
    }
    fields.rows(tables.waiting.deferred());
    return entente::digest_of(fields.take());
}

}  // namespace entente::store
