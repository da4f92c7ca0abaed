#include "sync/search.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/json.hpp"
#include "base/limits.hpp"
#include "base/seeded_bug.hpp"
#include "sync/feed.hpp"
#include "sync/in_vain.hpp"
#include "sync/trouble.hpp"

namespace entente::sync {
namespace {

constexpr Duration refused_pause{600'000};
constexpr Duration login_pause{60'000};
constexpr Duration endless_pause{60'000};
constexpr Duration failed_pause{1'000};

const model::SearchField* search_field(const model::Resource& resource, const std::string& path) {
    const auto found = std::ranges::find(resource.search, path, &model::SearchField::path);
    return found == resource.search.end() ? nullptr : &*found;
}

std::vector<SearchTerms> by_parent(Step& step, const IntentPart& line) {
    const model::DataType& d = step.data_type(line.data_type);
    if (search_field(step.resource(d.resource), d.parent_at) == nullptr) return {};
    const WorkLink* parent = step.work.link_in(step.work.entity(line.entity).parent, d.parent);
    if (!parent) return {};
    const model::Resource& parents = step.resource(step.data_type(d.parent).resource);
    return {{{d.parent_at, key_value(parents, step.work.record(parent->record).external_id)}}};
}

// Empty: not everything that the rule compares was sent, or can be searched for.
SearchTerms terms_of(const Step& step, const IntentPart& part, const model::MatchRule& rule) {
    const model::DataType& d = step.data_type(part.data_type);
    SearchTerms terms;
    for (PropertyIndex p : rule) {
        const model::Mapping* mapping = d.mapping(p);
        const auto sent = std::ranges::find(part.sent, p, &Sent::property);
        const bool can_be_asked = mapping && sent != part.sent.end() && !sent->written.is_null() &&
                                  search_field(step.resource(d.resource), mapping->lens.path);
        if (!can_be_asked) return {};
        Value body = Value::object();
        if (!model::put(mapping->lens, sent->written, body)) return {};
        const Value& value = *body.at_path(mapping->lens.path);
        if (value.is_null() || (value.is_text() && value.as_text().empty())) return {};
        terms.emplace_back(mapping->lens.path, value);
    }
    return terms;
}

Digest digest_of_terms(std::span<const SearchTerms> alternatives) {
    std::string text;
    for (const SearchTerms& terms : alternatives) {
        for (const auto& [path, value] : terms) text += path + "=" + json::write(value) + "&";
        text += "|";
    }
    return digest_of(text);
}

// Which alternatives can stand in one request: those with the same text here; empty: none can.
std::string shared_request(const model::Resource& resource, model::SearchAny any,
                           const SearchTerms& terms) {
    if (any == model::SearchAny::none) return {};
    if (any == model::SearchAny::one_field && terms.size() > 1) return {};
    const std::string parameter = search_field(resource, terms.front().first)->query.parameter;
    for (const auto& [path, value] : terms) {
        const model::QueryPattern& query = search_field(resource, path)->query;
        if (query.pattern.empty() || query.parameter != parameter) return {};
    }
    return any == model::SearchAny::all ? parameter : parameter + " " + terms.front().first;
}

std::size_t size_of(const SearchTerms& terms) {
    std::size_t bytes = 0;
    for (const auto& [path, value] : terms) bytes += path.size() + json::write(value).size();
    return bytes;
}

// As few requests as the system can be asked in.
std::vector<SearchCall> calls_for(const Step& step, ResourceIndex resource,
                                  std::span<const Wanted> wanted) {
    const model::Resource& asked = step.resource(resource);
    const model::SearchAny any = step.rest(resource).search_any;
    std::vector<SearchCall> calls;
    std::map<std::string, std::pair<std::size_t, std::size_t>> open;  // call, characters in it
    std::set<std::string> known;
    for (const Wanted& one : wanted)
        for (const SearchTerms& terms : one.alternatives) {
            if (!known.insert(digest_of_terms(std::array{terms}).hex()).second) continue;
            const std::string shared = shared_request(asked, any, terms);
            const auto at = open.find(shared);
            const std::size_t size = size_of(terms);
            const bool has_room =
                !shared.empty() && at != open.end() &&
                calls[at->second.first].others.size() + 1 < limits::terms_per_search &&
                at->second.second + size <= limits::search_bytes_max;
            if (has_room) {
                calls[at->second.first].others.push_back(terms);
                at->second.second += size;
                continue;
            }
            open[shared] = {calls.size(), size};
            calls.push_back({resource, terms});
        }
    return calls;
}

void ask(Step& step, std::uint64_t number, SearchLook& look, SearchCall call,
         SearchLook::Asking so_far = {}) {
    Effect effect;
    effect.system = step.resource(look.resource).system;
    effect.purpose = Purpose::search;
    effect.call = std::move(call);
    effect.feed_run = number;
    effect.turn = ++step.memory.last_turn;
    effect.backfill =
        std::ranges::all_of(look.pairs, [](const auto& pair) { return pair.second.backfill; });
    look.turns[effect.turn] = std::move(so_far);
    step.out.effects.push_back(std::move(effect));
}

Duration pause_after(const Answer& answer) {
    if (answer.outcome == Outcome::rejected) return refused_pause;
    const bool is_refused = answer.outcome == Outcome::auth || answer.outcome == Outcome::forbidden;
    const Duration least = is_refused ? login_pause : failed_pause;
    return std::max(answer.retry_after, least);
}

void observe_found(Step& step, ResourceIndex resource, const Answer& answer) {
    for (const SeenRecord& seen : answer.records) {
        const WorkRecord* record = step.work.find_record(resource, seen.external_id);
        if (!record) record = &observe_new(step, resource, seen, reading_of(answer), {});
        if (record->matching == Matching::pending) step.memory.match_wanted.insert(resource);
    }
}

void end_look(Step& step, const SearchLook& look) {
    const bool is_one = look.pairs.size() == 1;
    std::erase_if(step.memory.looked_for, [&](const auto& known) {
        return known.second.at + Duration{limits::look_good_for_ms} < step.now;
    });
    for (const auto& [pair, asked] : look.pairs) {
        Dirty dirty{pair.first, pair.second, {}, {}, {}, asked.backfill};
        if (!look.has_failed) {
            step.memory.looked_for[pair] = {asked.terms, look.began};
            step.memory.look_alone.erase(pair);
        } else {
            // One of them may be what cannot be asked for.
            dirty.in_vain = asked.in_vain;
            if (is_one) count_failure(step, pair, look.failure, dirty.in_vain);
            const Duration pause = std::max(look.again_after, pause_after(dirty.in_vain));
            dirty.not_before = step.now + (is_one ? pause : failed_pause);
            dirty.is_offer = is_lasting(dirty.in_vain);
            dirty.why = "it could not be searched for before it is created: " +
                        (look.failure.message.empty() ? "no answer" : look.failure.message);
            if (!is_one) step.memory.look_alone.insert(pair);
        }
        step.mark_dirty(std::move(dirty));
    }
    // They wait no more until the time at which a lost look would have been made again.
    note_next_timed(step);
}

// What it has not shown may be there all the same.
void give_up(SearchLook& look, const Answer& answer, std::string why) {
    look.has_failed = true;
    look.failure = answer;
    look.failure.message = std::move(why);
    look.again_after = std::max(look.again_after, endless_pause);
}

// The next page, if there is one and it may bring something.
void go_on(Step& step, const Answered& answered, SearchLook& look, SearchLook::Asking so_far) {
    const Answer& answer = answered.answer;
    std::size_t news = 0;
    for (const SeenRecord& seen : answer.records)
        news += so_far.met.insert(seen.external_id).second;
    so_far.pages.take({answer.records.size(), news, answer.passed_over});
    if (answer.next.empty())
        return tell_ended(step, Trouble::Kind::search, look.resource, so_far.pages);
    if (so_far.pages.go_nowhere()) {
        tell_endless(step, Trouble::Kind::search, look.resource);
        return give_up(look, answer, "the search has no end, and nothing new comes");
    }
    if (so_far.pages.count >= limits::search_pages_max)
        return give_up(look, answer,
                       fmt::format("the search shows more than {} pages, and what it does not show "
                                   "may be there; take fields that do not narrow it down out of "
                                   "`search`",
                                   limits::search_pages_max));
    SearchCall next = std::get<SearchCall>(answered.effect.call);
    next.cursor = answer.next;
    ask(step, answered.effect.feed_run, look, std::move(next), std::move(so_far));
}

}  // namespace

std::vector<SearchTerms> search_alternatives(Step& step, const IntentPart& part) {
    const model::DataType& d = step.data_type(part.data_type);
    if (d.parent) return by_parent(step, part);
    std::vector<SearchTerms> out;
    for (const auto& rule : step.model_of(d).match) {
        SearchTerms terms = terms_of(step, part, rule);
        if (!terms.empty() && std::ranges::find(out, terms) == out.end())
            out.push_back(std::move(terms));
    }
    return out;
}

bool is_searched_first(const Step& step, ResourceIndex resource) {
    if (SEEDED(no_poll_before_create)) return false;
    const FeedState& feed = step.memory.feeds.at(resource);
    if (!has_change_feed(step, resource) || !feed.doubt.empty()) return true;
    // What is taken out while pages are counted makes the next one begin too late, and nothing shows it but the total.
    const model::Resource& listed = step.resource(resource);
    const bool tells_total = !listed.proof.total_at.empty() && listed.feed_path.empty() &&
                             listed.listed_inside.path.empty();
    return is_counted(step.rest(resource)) && !tells_total && !listed.proof.snapshot &&
           feed.records > step.rest(resource).page_size;
}

bool was_looked_for(Step& step, const Dirty& pair, std::span<const SearchTerms> alternatives) {
    const auto found = step.memory.looked_for.find({pair.entity, pair.data_type});
    if (found == step.memory.looked_for.end()) return false;
    const auto& [terms, at] = found->second;
    if (at + Duration{limits::look_good_for_ms} >= step.now &&
        terms == digest_of_terms(alternatives))
        return true;
    step.memory.looked_for.erase(found);
    return false;
}

bool is_looking(const Step& step, const Dirty& pair) {
    const ResourceIndex resource = step.data_type(pair.data_type).resource;
    const auto is_alone = [&](const Dirty& p) {
        return step.memory.look_alone.contains({p.entity, p.data_type});
    };
    const auto wanted = step.to_search.find(resource);
    const bool is_full =
        wanted != step.to_search.end() && (wanted->second.size() >= limits::pairs_per_look ||
                                           is_alone(pair) || is_alone(wanted->second.back().pair));
    return is_full || std::ranges::any_of(step.memory.looks, [&](const auto& look) {
               return look.second.resource == resource;
           });
}

void look_for(Step& step, const Dirty& pair, std::vector<SearchTerms> alternatives) {
    Dirty aside = pair;
    aside.not_before = step.now + Duration{limits::look_good_for_ms};
    aside.why = "is searched for there before it is created";
    step.mark_dirty(std::move(aside));
    step.to_search[step.data_type(pair.data_type).resource].push_back(
        {pair, std::move(alternatives)});
}

void start_looks(Step& step) {
    for (const auto& [resource, wanted] : step.to_search) {
        const std::uint64_t number = step.memory.next_run++;
        SearchLook& look = step.memory.looks[number];
        look.resource = resource;
        look.began = step.now;
        for (const Wanted& one : wanted)
            look.pairs[{one.pair.entity, one.pair.data_type}] = {
                digest_of_terms(one.alternatives), one.pair.backfill, one.pair.in_vain};
        for (SearchCall& call : calls_for(step, resource, wanted))
            ask(step, number, look, std::move(call));
    }
    step.to_search.clear();
}

void take_search(Step& step, const Answered& answered) {
    const auto found = step.memory.looks.find(answered.effect.feed_run);
    if (found == step.memory.looks.end()) return;
    SearchLook& look = found->second;
    auto turn = look.turns.extract(answered.effect.turn);
    if (turn.empty()) return;
    note_answered(step, answered);
    const Answer& answer = answered.answer;
    if (answer.outcome == Outcome::ok) {
        observe_found(step, look.resource, answer);
        go_on(step, answered, look, std::move(turn.mapped()));
    } else {
        look.has_failed = true;
        look.failure = answer;
        look.again_after = std::max(look.again_after, pause_after(answer));
    }
    if (!look.turns.empty()) return;
    end_look(step, look);
    step.memory.looks.erase(found);
}

}  // namespace entente::sync
