#include "sync/trouble.hpp"

#include <algorithm>
#include <utility>

#include "base/limits.hpp"

namespace entente::sync {
namespace {

auto find(std::vector<Trouble>& troubles, Trouble::Kind kind, SystemIndex system,
          ResourceIndex resource) {
    return std::ranges::find_if(troubles, [&](const Trouble& t) {
        return t.kind == kind && t.system == system && t.resource == resource;
    });
}

void tell(Step& step, Notice::Kind kind, const Trouble& trouble) {
    Notice notice;
    notice.kind = kind;
    notice.system = trouble.system;
    notice.resource = trouble.resource;
    notice.text = trouble.text;
    step.notice(std::move(notice));
}

}  // namespace

void tell_trouble(Step& step, Trouble::Kind kind, SystemIndex system, ResourceIndex resource,
                  std::string text) {
    auto& troubles = step.memory.troubles;
    const auto known = find(troubles, kind, system, resource);
    if (known != troubles.end() && known->text == text) return;
    Trouble trouble{kind, system, resource, std::move(text), step.now};
    if (known != troubles.end()) trouble.since = known->since;
    step.transaction.put_trouble(trouble);
    tell(step, Notice::Kind::troubled, trouble);
    if (known != troubles.end())
        *known = std::move(trouble);
    else
        troubles.push_back(std::move(trouble));
}

void end_trouble(Step& step, Trouble::Kind kind, SystemIndex system, ResourceIndex resource) {
    auto& troubles = step.memory.troubles;
    const auto known = find(troubles, kind, system, resource);
    if (known == troubles.end()) return;
    step.transaction.drop_trouble(kind, system, resource);
    tell(step, Notice::Kind::mended, *known);
    troubles.erase(known);
}

void tell_endless(Step& step, Trouble::Kind kind, ResourceIndex resource) {
    const bool is_search = kind == Trouble::Kind::search;
    tell_trouble(step, kind, step.resource(resource).system, resource,
                 std::string(is_search ? "a search in it" : "its list of removals") +
                     " has no end: each page names another one, and nothing new comes. " +
                     (is_search ? "What it does not show does not count as missing"
                                : "What it has shown is looked at, the rest is found by sweeps"));
}

void tell_ended(Step& step, Trouble::Kind kind, ResourceIndex resource, const Pages& pages) {
    const SystemIndex system = step.resource(resource).system;
    const auto known = find(step.memory.troubles, kind, system, resource);
    if (known == step.memory.troubles.end()) return;
    const bool is_old = known->since + Duration{limits::trouble_old_after_ms} <= step.now;
    if (kind == Trouble::Kind::removals || pages.count > 1 || is_old)
        end_trouble(step, kind, system, resource);
}

}  // namespace entente::sync
