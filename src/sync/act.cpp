#include "sync/act.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "sync/link.hpp"
#include "sync/rejoin.hpp"
#include "sync/retry.hpp"

namespace entente::sync {
namespace {

// A record that an act names, as it stands.
struct Spoken {
    WorkRecord* record = nullptr;
    DataTypeIndex data_type;
    WorkLink* link = nullptr;  // its live link, if it has one
};

std::string word_of(const Step& step, DataTypeIndex d, const std::string& external_id) {
    return fmt::format("{}:{}", step.data_type(d).full_name, external_id);
}
std::string word_of(const Step& step, const Spoken& spoken) {
    return word_of(step, spoken.data_type, spoken.record->external_id);
}
// By the data type that it is linked as, or the first that its list holds.
std::string word_of(Step& step, RecordId id) {
    const WorkRecord& record = step.work.record(id);
    const auto links = step.work.links_of_record(id);
    const auto here = step.workspace.data_types_of(record.resource);
    return word_of(step, links.empty() ? here.front() : links.front()->data_type,
                   record.external_id);
}

// One act while it is carried out: what it was told, and what came of it.
class Doing {
public:
    Doing(Step& step, const Act& act) : step_(step), act_(act) { result_.kind = act.kind; }

    ActResult done() {
        switch (act_.kind) {
            case Act::Kind::link:
                link();
                break;
            case Act::Kind::apart:
                apart();
                break;
            case Act::Kind::relink:
                relink();
                break;
            case Act::Kind::retry:
                retry();
                break;
        }
        return std::move(result_);
    }

private:
    bool refuse(Refusal why, std::string text, std::vector<RecordId> concerns = {}) {
        result_ = {act_.kind, why, std::move(text), std::move(concerns)};
        return false;
    }
    void say(std::string text) { result_.text = std::move(text); }

    void tell(const Spoken& spoken, std::string text);
    bool find(const Act::Named& named, Spoken& out);
    bool find_pair(Spoken& a, Spoken& b);
    bool is_quiet(const Spoken& spoken);
    bool is_free(const Spoken& spoken, EntityId entity);
    EntityId parent_of(const Spoken& spoken);
    bool share_a_parent(const Spoken& a, const Spoken& b);
    std::vector<RecordId> members(const Spoken& spoken);
    void lift_apart(const std::vector<RecordId>& a, const std::vector<RecordId>& b);

    void link();
    bool attach(const Spoken& newcomer, EntityId entity);
    bool join(const Spoken& a, const Spoken& b);
    void apart();
    void relink();
    std::vector<WorkLink*> places(const Spoken& spoken);
    bool find_place(const Spoken& spoken, WorkLink*& place);
    void take_place(const Spoken& spoken, WorkLink& place);
    void retry();
    bool retry_named(Retried& retried);
    void tell_retried(const Retried& retried);

    Step& step_;
    const Act& act_;
    ActResult result_;
};

void Doing::tell(const Spoken& spoken, std::string text) {
    HistoryEvent event;
    event.kind = HistoryEvent::Kind::said;
    event.record = spoken.record->id;
    event.data_type = spoken.data_type;
    event.text = std::move(text);
    if (const WorkLink* link = step_.work.link(spoken.record->id, spoken.data_type)) {
        event.entity = link->entity;
        event.link = link->id;
    }
    step_.record(std::move(event));
}

bool Doing::find(const Act::Named& named, Spoken& out) {
    const model::DataType& d = step_.data_type(named.data_type);
    const std::string word = word_of(step_, named.data_type, named.external_id);
    out.data_type = named.data_type;
    out.record = step_.work.find_record(d.resource, named.external_id);
    if (!out.record) return refuse(Refusal::unknown, word + " was never seen");
    if (out.record->state == RecordState::gone)
        return refuse(Refusal::gone, word + " is no longer there");
    if (!step_.joined(named.data_type))
        return refuse(Refusal::not_read_yet,
                      fmt::format("{} was never read to its end: nobody knows yet what else is "
                                  "there",
                                  d.full_name));
    WorkLink* link = step_.work.link(out.record->id, named.data_type);
    out.link = link && link->state == LinkState::live ? link : nullptr;
    const Value body = stored_body(*out.record);
    if (!link && !meets(d, body))
        return refuse(Refusal::not_of_type,
                      fmt::format("{} is in the list of {}, but does not show what makes it one",
                                  named.external_id, d.full_name));
    return true;
}

// A record that nobody knows yet may be what an open create has made.
bool Doing::is_quiet(const Spoken& spoken) {
    const bool is_busy = spoken.link ? is_being_written(step_, spoken.link->entity)
                                     : step_.memory.creates_open[spoken.record->resource] > 0;
    if (!is_busy) return true;
    return refuse(Refusal::being_written,
                  spoken.link ? fmt::format("a write to what {} belongs to was sent, and its "
                                            "outcome is not known yet",
                                            word_of(step_, spoken))
                              : fmt::format("a create in the list of {} was sent, and it is not "
                                            "known yet what became of it: it may have made it",
                                            word_of(step_, spoken)));
}

bool Doing::find_pair(Spoken& a, Spoken& b) {
    CHECK(act_.records.size() == 2, "the act is about two records");
    if (!find(act_.records[0], a) || !find(act_.records[1], b)) return false;
    if (a.record == b.record)
        return refuse(Refusal::same_record, "that is one and the same record");
    const model::DataType &x = step_.data_type(a.data_type), &y = step_.data_type(b.data_type);
    if (x.model != y.model)
        return refuse(Refusal::other_model,
                      fmt::format("{} is of the model {}, {} of {}", word_of(step_, a),
                                  step_.workspace.model(x.model).name, word_of(step_, b),
                                  step_.workspace.model(y.model).name));
    return is_quiet(a) && is_quiet(b);
}

// The thing that a line is part of; zero while its record is linked to none.
EntityId Doing::parent_of(const Spoken& spoken) {
    if (spoken.link) return step_.work.entity(spoken.link->entity).parent;
    const DataTypeIndex parent = step_.data_type(spoken.data_type).parent;
    const WorkLink* link =
        spoken.record->parent ? step_.work.link(spoken.record->parent, parent) : nullptr;
    return link && link->state == LinkState::live ? link->entity : EntityId{};
}

bool Doing::share_a_parent(const Spoken& a, const Spoken& b) {
    if (!step_.data_type(a.data_type).parent) return true;
    const EntityId parent = parent_of(a);
    if (parent && parent == parent_of(b)) return true;
    return refuse(Refusal::parents_apart,
                  fmt::format("{} and {} are parts of records that are not linked to each other",
                              word_of(step_, a), word_of(step_, b)));
}

std::vector<RecordId> Doing::members(const Spoken& spoken) {
    if (!spoken.link) return {spoken.record->id};
    std::vector<RecordId> out;
    for (const WorkLink* link : step_.work.links_of(spoken.link->entity))
        out.push_back(link->record);
    return out;
}

// The newest word counts, and two things cannot be one while parts of them are not.
void Doing::lift_apart(const std::vector<RecordId>& a, const std::vector<RecordId>& b) {
    for (RecordId x : a)
        for (RecordId y : step_.transaction.apart_from(x))
            if (std::ranges::find(b, y) != b.end()) step_.transaction.drop_apart(x, y);
}

// Whether the thing has no record yet where the newcomer is. One that is gone does not count: its place can be taken.
bool Doing::is_free(const Spoken& spoken, EntityId entity) {
    for (const WorkLink* link : step_.work.links_of(entity)) {
        const bool here = step_.data_type(link->data_type).resource == spoken.record->resource;
        if (!here || link->state != LinkState::live) continue;
        return refuse(
            Refusal::in_the_way,
            fmt::format("that thing has a record there already: {}", word_of(step_, link->record)),
            {spoken.record->id, link->record});
    }
    return true;
}

bool Doing::attach(const Spoken& newcomer, EntityId entity) {
    if (!is_free(newcomer, entity)) return false;
    if (WorkLink* place = step_.work.link_in(entity, newcomer.data_type)) {
        take_place(newcomer, *place);
        return true;
    }
    WorkLink& link =
        make_link(step_, *newcomer.record, newcomer.data_type, entity, LinkOrigin::by_hand);
    const Value body = stored_body(*newcomer.record);
    compare_link(step_, link, project(step_, step_.data_type(newcomer.data_type), body),
                 stored_edit_time(step_, *newcomer.record));
    return true;
}

bool Doing::join(const Spoken& a, const Spoken& b) {
    const EntityId x = a.link->entity, y = b.link->entity;
    for (const WorkLink* mine : step_.work.links_of(x))
        for (const WorkLink* theirs : step_.work.links_of(y)) {
            const bool one_list = step_.data_type(mine->data_type).resource ==
                                  step_.data_type(theirs->data_type).resource;
            if (!one_list || mine->state != LinkState::live || theirs->state != LinkState::live)
                continue;
            return refuse(Refusal::in_the_way,
                          fmt::format("both have a record in one list: {} and {}",
                                      word_of(step_, mine->record), word_of(step_, theirs->record)),
                          {mine->record, theirs->record});
        }
    const std::size_t here = step_.work.links_of(x).size(), there = step_.work.links_of(y).size();
    const bool x_stays = here != there ? here > there : x < y;
    x_stays ? merge_into(step_, y, x) : merge_into(step_, x, y);
    return true;
}

void Doing::link() {
    Spoken a, b;
    if (!find_pair(a, b)) return;
    if (a.link && b.link && a.link->entity == b.link->entity) {
        say(fmt::format("{} and {} were linked to each other already", word_of(step_, a),
                        word_of(step_, b)));
        return;
    }
    if (a.record->resource == b.record->resource) {
        refuse(Refusal::same_resource,
               fmt::format("{} and {} are in one list: a thing has one record there",
                           word_of(step_, a), word_of(step_, b)),
               {a.record->id, b.record->id});
        return;
    }
    if (!share_a_parent(a, b)) return;
    const auto mine = members(a), theirs = members(b);
    if (a.link && b.link) {
        if (!join(a, b)) return;
    } else if (a.link) {
        if (!attach(b, a.link->entity)) {
            std::ranges::reverse(result_.concerns);
            return;
        }
    } else if (b.link) {
        if (!attach(a, b.link->entity)) return;
    } else {
        const ModelIndex model = step_.data_type(a.data_type).model;
        const EntityId entity = make_entity(step_, model, parent_of(a)).id;
        attach(a, entity);
        attach(b, entity);
    }
    lift_apart(mine, theirs);
    std::vector<RecordId> both = mine;
    both.insert(both.end(), theirs.begin(), theirs.end());
    match_anew(step_, both);
    tell(a, fmt::format("one thing with {}, says {}", word_of(step_, b), act_.by));
    say(fmt::format("{} and {} are one thing from now on", word_of(step_, a), word_of(step_, b)));
}

void Doing::apart() {
    Spoken a, b;
    if (!find_pair(a, b)) return;
    const bool is_one = a.link && b.link && a.link->entity == b.link->entity;
    const auto known = step_.transaction.apart_from(a.record->id);
    if (!is_one && std::ranges::find(known, b.record->id) != known.end())
        return say(word_of(step_, a) + " and " + word_of(step_, b) + " were told apart already");
    step_.transaction.put_apart(a.record->id, b.record->id);
    if (is_one) cut_out(step_, *a.record, a.link->entity);
    match_anew(step_, *a.record);
    match_anew(step_, *b.record);
    match_anew(step_, std::array{a.record->id, b.record->id});
    // What was not created because of the other one may be now.
    for (const Spoken* spoken : {&a, &b})
        if (spoken->link) step_.unsettled.insert(spoken->link->entity);
    tell(a, fmt::format("not one thing with {}, says {}", word_of(step_, b), act_.by));
    tell(b, fmt::format("not one thing with {}, says {}", word_of(step_, a), act_.by));
    say(is_one ? fmt::format("{} is a thing of its own from now on, apart from {}",
                             word_of(step_, a), word_of(step_, b))
               : fmt::format("{} and {} are never taken for one thing from now on",
                             word_of(step_, a), word_of(step_, b)));
}

// Links that have ended, of what the record waits for.
std::vector<WorkLink*> Doing::places(const Spoken& spoken) {
    std::vector<WorkLink*> out;
    const auto parked = step_.transaction.parked_record(spoken.record->id);
    if (!parked) return out;
    for (RecordId candidate : parked->candidates) {
        WorkLink* link = step_.work.link(candidate, spoken.data_type);
        if (link && link->state == LinkState::gone) out.push_back(link);
    }
    return out;
}

bool Doing::find_place(const Spoken& spoken, WorkLink*& place) {
    if (act_.records.size() > 1) {
        const Act::Named& named = act_.records[1];
        const std::string word = word_of(step_, named.data_type, named.external_id);
        const ResourceIndex resource = step_.data_type(named.data_type).resource;
        WorkRecord* old = step_.work.find_record(resource, named.external_id);
        if (!old) return refuse(Refusal::unknown, word + " was never seen");
        if (old->state == RecordState::live)
            return refuse(Refusal::still_there, word + " is still there");
        place = step_.work.link(old->id, spoken.data_type);
        if (place && place->state == LinkState::gone) return true;
        return refuse(Refusal::no_place,
                      fmt::format("{} was linked to nothing whose place {} could take", word,
                                  word_of(step_, spoken)));
    }
    const std::vector<WorkLink*> found = places(spoken);
    if (found.empty())
        return refuse(Refusal::no_place,
                      fmt::format("it is not known whose place {} could take: it does not wait "
                                  "because of a record that is gone",
                                  word_of(step_, spoken)));
    if (found.size() == 1) {
        place = found.front();
        return true;
    }
    std::vector<RecordId> several;
    std::string words;
    for (const WorkLink* link : found) {
        several.push_back(link->record);
        words += (words.empty() ? "" : ", ") + word_of(step_, link->record);
    }
    return refuse(
        Refusal::several,
        fmt::format("{} could take the place of several: {}", word_of(step_, spoken), words),
        several);
}

// Who types a record anew leaves out what he does not have at hand: that is no edit, and nothing is cleared elsewhere.
void Doing::take_place(const Spoken& spoken, WorkLink& place) {
    const Value body = stored_body(*spoken.record);
    const Projection shown = project(step_, step_.data_type(spoken.data_type), body);
    for (std::size_t p = 0; p < place.shadows.size(); ++p)
        if (shown.values[p] && shown.values[p]->is_null()) place.shadows[p] = {};
    place.origin = LinkOrigin::by_hand;
    place.held.clear();
    const RecordId old = place.record;
    lift_apart({spoken.record->id}, {old});
    take_over(step_, *spoken.record, place);
    for (EntityId line : step_.work.child_entities(place.entity)) step_.unsettled.insert(line);
    match_anew(step_, std::array{old, spoken.record->id});
    const std::string was = step_.work.record(old).external_id;
    tell(spoken, fmt::format("takes the place of {}, says {}",
                             word_of(step_, spoken.data_type, was), act_.by));
}

void Doing::relink() {
    Spoken spoken;
    CHECK(!act_.records.empty(), "the act is about a record");
    if (!find(act_.records[0], spoken) || !is_quiet(spoken)) return;
    if (spoken.link) {
        refuse(Refusal::linked, word_of(step_, spoken) + " is linked already");
        return;
    }
    WorkLink* place = nullptr;
    if (!find_place(spoken, place)) return;
    const EntityId parent = step_.work.entity(place->entity).parent;
    if (parent && parent != parent_of(spoken)) {
        refuse(Refusal::parents_apart,
               fmt::format("{} is part of another record than the one that is gone",
                           word_of(step_, spoken)));
        return;
    }
    if (is_being_written(step_, place->entity)) {
        refuse(Refusal::being_written,
               "a write to that thing was sent, and its outcome is not known yet");
        return;
    }
    if (!is_free(spoken, place->entity)) return;
    const std::string old = step_.work.record(place->record).external_id;
    take_place(spoken, *place);
    say(fmt::format("{} takes the place of {} from now on; what was changed meanwhile travels",
                    word_of(step_, spoken), word_of(step_, spoken.data_type, old)));
}

bool Doing::retry_named(Retried& retried) {
    std::vector<Spoken> all(act_.records.size());
    for (std::size_t i = 0; i < all.size(); ++i)
        if (!find(act_.records[i], all[i])) return false;
    for (const Spoken& spoken : all) {
        const Retried one = retry_record(step_, *spoken.record, act_);
        if (one.total() > 0) tell(spoken, "tried again, says " + act_.by);
        retried.records += one.records;
        retried.properties += one.properties;
        retried.creates += one.creates;
        retried.unknown += one.unknown;
        retried.asleep += one.asleep;
        retried.never_answered += one.never_answered;
    }
    return true;
}

void Doing::tell_retried(const Retried& retried) {
    std::string text;
    const auto add = [&](int count, std::string_view what) {
        if (count > 0) text += fmt::format("{}{} {}", text.empty() ? "" : ", ", count, what);
    };
    add(retried.records, "parked to be matched anew");
    add(retried.properties, "held to be written again");
    add(retried.creates, "refused to be created again");
    add(retried.unknown, "of unknown outcome to be created again");
    add(retried.asleep, "asleep to be tried now");
    add(retried.never_answered, "of unknown outcome left as they are");
    say("tried again: " + text);
}

void Doing::retry() {
    Retried retried;
    if (act_.all)
        retried = retry_all(step_, act_);
    else if (!retry_named(retried))
        return;
    if (retried.total() > 0) return tell_retried(retried);
    if (retried.never_answered > 0)
        refuse(Refusal::never_answered,
               "a create was sent and never answered: only who has looked knows whether it was "
               "executed");
    else
        refuse(Refusal::nothing_waits, "nothing of it waits for a person");
}

}  // namespace

ActResult take_act(Step& step, const Act& act) {
    return Doing(step, act).done();
}

}  // namespace entente::sync
