// The judge of the deterministic world: all-seeing, simple, and without a line of the engine's. It watches every change of every
// record as it happens (safety), and looks at everything when the engine rests (convergence, losses, links). Each guarantee it
// names is one of docs/GUARANTEES.md, with the limits stated there.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "oracle/edits.hpp"
#include "oracle/guarantee.hpp"
#include "oracle/sight.hpp"

namespace entente::oracle {

class Oracle {
public:
    explicit Oracle(std::vector<SystemSight> systems) : systems_(std::move(systems)) {}

    // As it happens, in order of time.
    void changed(RecordChange change);
    // An answer shows the record with these fields; they may be older ones. Null: it shows a row of it that nobody can read.
    // `is_busy`: while a write of ours to it is open, so that it tells nothing but what became of that.
    void shown(const RecordKey& key, const Value& fields, Instant at, bool is_busy = false);
    // A call to the system was spoiled, or the process died: that much more writing is allowed, and what the system did to our
    // value unasked may look like a person's edit.
    void disturbed(int system) {
        ++disturbances_;
        disturbed_.insert(system);
    }
    void disturbed() {
        for (std::size_t i = 0; i < systems_.size(); ++i) disturbed(static_cast<int>(i));
    }
    // The process died: what it was shown just before may never have been taken in.
    void died(Instant at);
    // A system shows empty lists, as whoever has no rights sees them.
    void hides(int system) { hiding_.insert(system); }
    // A person has said that what the guard stopped, in these systems and tables, is right: from now on it counts as any other change.
    void approved(const std::vector<std::pair<int, std::string>>& stopped) {
        is_approved_ = true;
        approved_.insert(stopped.begin(), stopped.end());
    }
    // Something of this thing (empty: of any) fails in the system for ever.
    void ails(int system, const std::string& thing) { ailing_.emplace_back(system, thing); }
    bool was_disturbed(int system) const { return disturbed_.contains(system); }
    // A create of this thing got no answer in a system that can neither be asked nor told twice: all that can be promised is
    // one attempt and a person who is told (grade none).
    void set_aside(const std::string& thing) { set_aside_.insert(thing); }
    // A person has said that what we hold is to be written there once more, whatever the record shows.
    void said_to_write_again(const RecordKey& key, const std::string& property);
    // A person has said that the record is one that was removed, typed anew: who typed it has seen what that was.
    void said_typed_anew(const RecordKey& key);
    // From now on nothing is left to do: whatever we write violates G8; a create or delete, `guarantee`.
    void expect_silence(int guarantee, std::string when);
    // What people did: who, which property, upon which value, when. Equal histories must end alike (G2).
    std::string history() const;
    // Only names are edited: of edits that do not know of each other the later one must win, by the clocks of their systems
    // and later than all that its editor saw, if they are further apart than this. Requires: clocks off by so little that
    // nobody corrects them.
    void expect_latest(Duration apart) { latest_apart_ = apart; }
    // Only names are edited: of edits that do not know of each other the one must win that goes back on this system's.
    void expect_preferred(int system) { preferred_ = system; }
    // The engine rests.
    void judge(const EngineSight& sight);

    Verdict& verdict() { return verdict_; }
    const Verdict& verdict() const { return verdict_; }
    std::int64_t windows() const { return windows_; }  // edits overwritten where nobody can help it
    std::int64_t edits() const { return edits_count_; }
    std::int64_t followed() const { return followed_; }  // edits of records that were removed later
    std::int64_t close_calls() const { return close_calls_; }  // conflicts of edits within a second
    bool was_shown(const RecordKey& key) const {
        const auto found = records_.find(key);
        return found != records_.end() && found->second.was_shown &&
               !found->second.changed_since_shown;
    }

private:
    struct PropertyState {
        Seen seen, known;
        Value shown;                // to us, last
        std::size_t person = none;  // the edit of a person that it shows, if it does
        int writes = 0;             // by us
        bool ours = false;          // the last change was ours
    };
    struct RecordState {
        std::string thing;
        bool is_live = true, made_by_us = false, touched_by_us = false, removed_by_person = false;
        bool is_undone = false;  // removed because its system went back to a backup
        Instant removed_at;
        bool has_returned = false;    // was removed and brought back
        bool was_typed_anew = false;  // a line that was removed: another record stands for it now
        bool changed_since_shown = true;
        Instant created;
        int removals = 0;
        // Made by us on a bad wire and removed before we can have been sure of it: if the process died meanwhile, nobody knows.
        bool was_fleeting = false;
        bool was_shown = false;
        Instant first_shown = Instant::never();
        Instant row_shown = Instant::never();  // that could not be read, first
        Value fields;
        std::string owner;  // the id that it refers to
        // As it was shown, since it was last shown when it could be believed, and before that: what we may take it for.
        std::vector<Value> looks, looks_before;
        Instant sure_at;
        Instant changed_at;
        std::map<std::string, PropertyState> properties;
        std::map<std::string, Instant> private_edits;  // by people, of what nobody maps
    };
    using Track = std::pair<std::string, std::string>;  // thing (with its table), property
    static constexpr std::size_t none = static_cast<std::size_t>(-1);

    const SystemSight& system(int i) const { return systems_[static_cast<std::size_t>(i)]; }
    Value in_words(const RecordKey& key, std::string_view property, Value value) const;
    Value in_words(const RecordKey& key, Value fields) const;
    Edits& track(const std::string& table, const std::string& thing, const std::string& property);
    std::vector<std::size_t> behind(const RecordKey& key, const std::string& thing,
                                    const std::string& property, const Value& value);

    void see(const RecordKey& key, const std::string& thing, const std::string& property,
             const Value& value, PropertyState& shows);
    bool take_place(const RecordKey& key, RecordState& state);
    std::size_t lines_elsewhere(const RecordKey& key, const std::string& thing) const;
    void person_changed(const RecordChange& change, RecordState& state);
    void we_changed(const RecordChange& change, RecordState& state);
    void check_value(const RecordChange& change, const std::string& property);
    bool check_overwritten(const RecordChange& change, RecordState& state,
                           const std::string& property);
    bool check_wiped(const RecordChange& change, const RecordState& state);
    bool is_from_the_beginning(const RecordState& state) const;
    bool came_anew(const std::string& thing, const RecordState& removed) const;
    bool is_owner_set_aside() const;
    bool is_set_aside(const std::string& thing) const;
    void count_loss(const RecordChange& change);
    bool is_ailing(int system, const std::string& thing) const;
    bool may_travel(std::size_t system, const std::string& property) const;
    std::vector<Value> values_of(const Edits& edits, const std::string& property) const;
    void check_frame(const RecordChange& change, const RecordState& state);
    void note_private(const RecordChange& change, RecordState& state);
    void check_private(const RecordChange& change, const RecordState& state,
                       const std::string& name);
    void check_older(const RecordChange& change, const std::string& property);
    void check_create(const RecordChange& change);

    struct Judged;
    void judge_stops(const EngineSight& sight);
    void judge_links(const EngineSight& sight);
    void judge_removals(const EngineSight& sight);
    void judge_ambiguous(const EngineSight& sight);
    void judge_given_up(const EngineSight& sight);
    void judge_audit(const EngineSight& sight);
    void judge_presence(const Judged& judged);
    bool is_parked_rightly(const Judged& judged, const std::string& table, const std::string& thing,
                           int where) const;
    void judge_line(const Judged& judged, const RecordKey& key, const RecordState& state);
    void judge_doubled_lines();
    void judge_values(const Judged& judged, const std::string& table, const std::string& thing);
    void judge_property(const Judged& judged, const std::vector<const RecordKey*>& records,
                        const std::string& table, const std::string& thing,
                        const std::string& property);
    void judge_outlived(const Judged& judged, const std::vector<const RecordKey*>& records,
                        const std::string& thing, const std::string& property);
    void judge_holds(const Judged& judged, const std::vector<const RecordKey*>& records,
                     const std::string& property);
    // Of one entity: its live records of the thing, and all that people typed of one property.
    struct Members {
        std::int64_t entity = 0;
        std::string table, thing;
        std::vector<const RecordKey*> records;
    };
    void judge_edits(const Judged& judged, const Members& members, const std::string& property);
    void judge_edit(const Judged& judged, const Members& members, const std::string& property,
                    const Edits& edits, const Edit& edit);
    void judge_come_back(const Judged& judged, const Members& members, const std::string& property);
    bool was_to_travel(const Judged& judged, const Members& members, const std::string& property,
                       const Edit& edit) const;
    bool is_final(const Members& members, const std::string& property, const Edit& edit) const;
    bool is_kept(const Judged& judged, const Members& members, const std::string& property,
                 const Edit& edit) const;
    bool is_free(const Judged& judged, const RecordKey& key, const std::string& property) const;
    bool all_have_owners(const std::vector<const RecordKey*>& records) const;
    void judge_latest(const std::string& thing, const std::string& property, const Value& value);
    void judge_preferred(const std::string& thing, const std::string& property, const Value& value);
    Instant time_told(const Edits& edits, const Edit& edit, const Seen& upon) const;
    bool goes_back_on(const Edits& edits, const Edit& edit, const Seen& without) const;
    // By somebody who knew it, or who found its very value in his place.
    bool is_form_met_late(const Judged& judged, const std::vector<const RecordKey*>& records,
                          const std::string& property, const Value& shown) const;
    bool is_cleared_now(const RecordChange& change, const Edits& edits, const Edit& clear) const;
    bool was_replaced(const Edits& edits, const std::string& property, const Edit& edit) const;
    void judge_overruled(const EngineSight& sight);

    std::vector<SystemSight> systems_;
    std::map<RecordKey, RecordState> records_;
    std::map<Track, Edits> tracks_;
    Verdict verdict_;
    std::int64_t disturbances_ = 0, windows_ = 0, edits_count_ = 0, close_calls_ = 0;
    std::int64_t followed_ = 0;
    std::optional<Duration> latest_apart_;
    std::optional<int> preferred_;
    // A guard stops what loses more than 20 records of one look; a look of three systems shows in two others.
    static constexpr std::size_t losses_max = 42;  // for each other system
    std::vector<Instant> emptied_;                 // by us, lately
    bool is_approved_ = false;
    // Records by system and table of which people have lost a value or everything, or that went back in time.
    struct Losses {
        std::set<std::string> records;
        Instant since;
    };
    std::map<std::pair<int, std::string>, Losses> lost_;
    std::set<std::pair<int, std::string>> approved_;
    std::set<int> hiding_;
    std::set<std::string> set_aside_;
    std::set<int> disturbed_;
    std::vector<std::pair<int, std::string>> ailing_;
    Instant begins_;
    int silence_ = 0;
    std::string silent_when_;
};

}  // namespace entente::oracle
