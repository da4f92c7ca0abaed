#include "world/draw_lasting.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/random.hpp"

namespace entente::world {
namespace {

using Asked = sim::Ailment::Asked;

// Statuses that may last for ever. A refused login is the whole system's, and a list that never comes keeps a run from its end.
constexpr std::array refusals{400, 403, 405, 409, 422, 423, 501};
constexpr std::array failures{500, 502, 503, 504, 429};

class Drawing {
public:
    Drawing(Script& script, std::uint64_t things)
        : script_(script), things_(things), random_(script.seed, "lasting") {}

    void draw() {
        if (!random_.chance(30)) return;
        if (random_.chance(50)) draw_record();
        if (random_.chance(50)) draw_property();
        if (random_.chance(50)) draw_value();
        if (random_.chance(50)) draw_list();
        if (random_.chance(50)) draw_login();
        if (random_.chance(50)) draw_single();
    }

private:
    Duration any_time() { return {random_.between(0, script_.calm_from.ms - 1'000)}; }
    int any_system() { return static_cast<int>(random_.below(script_.systems.size())); }
    std::string any_code() {
        return fmt::format("T{}", 1 + random_.below(std::max<std::uint64_t>(1, things_)));
    }
    std::string any_property() {
        return std::string(sim::formed_properties[random_.below(sim::formed_properties.size())]);
    }
    int any_status() {
        const bool is_refused = random_.chance(50);
        return is_refused ? refusals[random_.below(refusals.size())]
                          : failures[random_.below(failures.size())];
    }
    void add(Duration at, auto what) { script_.events.push_back(event_at(at, std::move(what))); }
    void last(sim::Ailment what, bool may_be_for_ever) {
        Lasting lasting;
        lasting.system = any_system();
        lasting.what = std::move(what);
        // What says for ever that the system is busy is no fault of a record, and never comes to an end.
        const bool is_busy = lasting.what.status == 429 || lasting.what.status == 503;
        const bool is_for_ever = may_be_for_ever && !is_busy && random_.chance(50);
        if (!is_for_ever) lasting.lasts = {random_.between(500, 15'000)};
        add(any_time(), std::move(lasting));
    }

    void draw_record() {
        constexpr std::array asked{Asked::any, Asked::read, Asked::create, Asked::update,
                                   Asked::write};
        sim::Ailment ails;
        ails.asked = asked[random_.below(asked.size())];
        ails.code = any_code();
        if (ails.asked == Asked::update && random_.chance(40)) ails.property = any_property();
        ails.status = any_status();
        // One that says that it is not there, and is listed, is there and not there.
        const bool is_of_writes = ails.asked != Asked::any && ails.asked != Asked::read;
        if (is_of_writes && random_.chance(20)) ails.status = random_.chance(50) ? 404 : 410;
        last(std::move(ails), true);
    }

    // Whatever it is set to.
    void draw_property() {
        sim::Ailment ails;
        ails.asked = random_.chance(50) ? Asked::write : Asked::update;
        ails.property = any_property();
        do ails.status = any_status();
        while (ails.status == 403);  // of every record: that is lost rights
        last(std::move(ails), true);
    }

    // One that somebody types.
    void draw_value() {
        std::vector<const Act*> typed;
        for (const Event& event : script_.events)
            if (const auto* act = std::get_if<Act>(&event.what);
                act && act->kind == Act::Kind::edit && !act->value.is_null() &&
                act->property != "owner")
                typed.push_back(act);
        if (typed.empty()) return;
        const Act& act = *typed[random_.below(typed.size())];
        sim::Ailment ails;
        ails.asked = Asked::write;
        ails.property = act.property;
        ails.value = act.value;
        ails.status = any_status();
        last(std::move(ails), true);
    }

    void draw_list() {
        constexpr std::array statuses{403, 404, 500, 503};
        sim::Ailment ails;
        ails.asked = Asked::list;
        ails.status = statuses[random_.below(statuses.size())];
        last(std::move(ails), false);
    }

    void draw_login() {
        sim::Ailment ails;
        ails.code = any_code();
        ails.status = 401;
        last(std::move(ails), false);
    }

    void draw_single() {
        constexpr std::array statuses{403, 404, 404, 410};
        // One of each system: two might meet one record, one after the other.
        for (std::size_t i = 0; i < script_.systems.size(); ++i) {
            if (random_.chance(50)) continue;
            Spoil spoil;
            spoil.system = static_cast<int>(i);
            spoil.fault = sim::Fault::server_error;
            spoil.asked = random_.chance(50) ? Spoil::Asked::write : Spoil::Asked::any;
            spoil.status = statuses[random_.below(statuses.size())];
            add(any_time(), spoil);
        }
    }

    Script& script_;
    std::uint64_t things_;
    Random random_;
};

}  // namespace

void draw_lasting(Script& script, std::uint64_t things) {
    Drawing(script, things).draw();
}

}  // namespace entente::world
