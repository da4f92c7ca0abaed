#include <algorithm>
#include <utility>

#include "world/scenario_sentence.hpp"

namespace entente::world {
namespace {

constexpr int too_many = 429;

enum class More { nothing, delay, retry_after, status, status_and_wait };

// "{asked}", "{system}" and maybe one piece more, in this order.
Sentence spoil(std::string pattern, sim::Fault fault, More more) {
    const bool is_throttled =
        fault == sim::Fault::throttled || fault == sim::Fault::throttled_silently;
    return {std::move(pattern),
            [=](const Pieces& p, const Names& names) -> What {
                Spoil out;
                out.asked = static_cast<Spoil::Asked>(std::ranges::find(asked_words, p[0]) -
                                                      asked_words.begin());
                out.system = system_of(p[1], names);
                out.fault = fault;
                if (is_throttled) out.status = too_many;
                if (more == More::delay) out.delay = time_of(p[2]);
                if (more == More::retry_after) out.retry_after = time_of(p[2]);
                if (more == More::status || more == More::status_and_wait)
                    out.status = static_cast<int>(count_of(p[2]));
                if (more == More::status_and_wait) out.retry_after = time_of(p[3]);
                return out;
            },
            [=](const What& what, const Names& names) -> std::optional<Pieces> {
                const auto* met = std::get_if<Spoil>(&what);
                if (!met || met->fault != fault) return std::nullopt;
                if (more == More::status && met->retry_after.ms > 0) return std::nullopt;
                Pieces out{std::string(asked_words.at(static_cast<std::size_t>(met->asked))),
                           name_in(names, met->system)};
                if (more == More::delay) out.push_back(words_of(met->delay));
                if (more == More::retry_after) out.push_back(words_of(met->retry_after));
                if (more == More::status || more == More::status_and_wait)
                    out.push_back(std::to_string(met->status));
                if (more == More::status_and_wait) out.push_back(words_of(met->retry_after));
                return out;
            }};
}

}  // namespace

void add_spoils(std::vector<Sentence>& all) {
    using enum sim::Fault;
    const std::string next = "the next {asked} in {system} ";
    const std::string reply = "the reply to the next {asked} in {system} ";
    all.push_back(spoil(next + "goes well", none, More::nothing));
    all.push_back(spoil(next + "is lost", request_lost, More::nothing));
    all.push_back(spoil(reply + "is lost", reply_lost, More::nothing));
    all.push_back(spoil(next + "is executed {time} late and not answered", late, More::delay));
    all.push_back(spoil(next + "is executed twice", twice, More::nothing));
    all.push_back(
        spoil(next + "is refused as one too many for {time}", throttled, More::retry_after));
    all.push_back(spoil(next + "is refused as one too many", throttled_silently, More::nothing));
    all.push_back(spoil(next + "fails with {count}", server_error, More::status));
    all.push_back(spoil(next + "fails with {count} and is to be tried again after {time}",
                        server_error, More::status_and_wait));
    all.push_back(spoil(next + "is executed and answered with {count}", error_after, More::status));
    all.push_back(spoil(next + "is answered with a page of HTML", html, More::nothing));
    all.push_back(spoil(reply + "ends in the middle", truncated, More::nothing));
    all.push_back(spoil("the connection breaks in " + reply.substr(0, reply.size() - 1), reset,
                        More::nothing));
    all.push_back(spoil(reply + "takes {time}", slow, More::delay));
}

}  // namespace entente::world
