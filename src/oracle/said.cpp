// What a person's word makes of what people have typed.
#include "oracle/oracle.hpp"
#include "oracle/words.hpp"

namespace entente::oracle {

void Oracle::said_to_write_again(const RecordKey& key, const std::string& property) {
    const auto record = records_.find(key);
    if (record == records_.end()) return;
    for (Edit& edit : track(key.table, record->second.thing, property).all)
        if (edit.record == key) edit.is_excused = true;
}

void Oracle::said_typed_anew(const RecordKey& key) {
    const auto record = records_.find(key);
    if (record == records_.end()) return;
    for (const std::string_view property : properties_of(key.table)) {
        std::vector<Edit>& edits =
            track(key.table, record->second.thing, std::string(property)).all;
        for (Edit& edit : edits) {
            if (!(edit.record == key)) continue;
            for (std::size_t i = 0; i < edits.size(); ++i)
                if (edits[i].at < edit.at) add_to(edit.known, i);
        }
    }
}

}  // namespace entente::oracle
