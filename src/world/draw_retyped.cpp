#include "world/draw_retyped.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/random.hpp"

namespace entente::world {
namespace {

class Retyping {
public:
    Retyping(Script& script, std::int64_t& next_value)
        : random_(script.seed, "retyped"), script_(script), next_value_(next_value) {}

    void draw(std::uint64_t things) {
        if (things == 0 || !random_.chance(30)) return;
        code_ = fmt::format("T{}", 1 + random_.below(things));
        there_ = any_system();
        at_ = {random_.between(0, std::max<std::int64_t>(1, script_.calm_from.ms - 9'000))};
        for (std::int64_t i = 0, n = random_.between(1, 3); i < n; ++i) add_another();
        for (std::int64_t round = random_.between(1, 2); round > 0; --round) {
            at_.ms += random_.between(200, 4'000);
            const int system = random_.chance(60) ? there_ : any_system();
            if (random_.chance(40))
                save_all(system);
            else
                for (const std::string& text : texts_) retype(system, text);
        }
        if (!random_.chance(25)) return;
        at_.ms += random_.between(200, 4'000);
        say({.kind = Act::Kind::remove_line, .system = there_, .line = texts_.front()});
        at_.ms += random_.between(0, 2'000);
        add_another();
    }

private:
    int any_system() { return static_cast<int>(random_.below(script_.systems.size())); }
    Value quantity() { return Value(*Decimal::parse(fmt::format("{}.5", ++next_value_))); }
    void say(Act act) {
        act.code = code_;
        script_.events.push_back(event_at(at_, std::move(act)));
    }

    void add_another() {
        texts_.push_back(fmt::format("line {}", ++next_value_));
        say({.kind = Act::Kind::add_line,
             .system = there_,
             .value = quantity(),
             .line = texts_.back()});
    }

    void save_all(int system) {
        Act act{.kind = Act::Kind::save_lines, .system = system};
        if (random_.chance(50)) {
            act.line = texts_[random_.below(texts_.size())];
            act.value = quantity();
        }
        say(std::move(act));
    }

    // In one go, or removed now and typed again some time later.
    void retype(int system, const std::string& text) {
        Act act{.kind = Act::Kind::retype_line, .system = system, .line = text};
        if (random_.chance(50)) act.value = quantity();
        at_.ms += random_.between(0, 1'000);
        if (random_.chance(50)) return say(std::move(act));
        act.kind = Act::Kind::remove_line;
        say(act);
        act.kind = Act::Kind::add_line;
        if (act.value.is_null()) act.value = quantity();
        at_.ms += random_.between(10, 3'000);
        say(std::move(act));
    }

    Random random_;
    Script& script_;
    std::int64_t& next_value_;
    std::string code_;
    int there_ = 0;
    Duration at_{0};
    std::vector<std::string> texts_;
};

}  // namespace

void draw_retyped(Script& script, std::uint64_t things, std::int64_t& next_value) {
    Retyping(script, next_value).draw(things);
}

}  // namespace entente::world
