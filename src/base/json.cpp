#include "base/json.hpp"

#include <simdjson.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <memory>

#include "base/limits.hpp"
#include "base/shown.hpp"

namespace entente::json {
namespace {

namespace ondemand = simdjson::ondemand;

// Up to so many keys a new key is compared with those before it; more are sorted and compared.
constexpr std::size_t compared_keys_max = 32;
// Room made for the members of the first object at a depth; later ones take the size of the last,
// because the records of a page look alike.
constexpr std::size_t first_room = 8;
constexpr std::size_t room_max = 256;
constexpr std::string_view unbalanced = "the text does not end with its first bracket's partner";

std::string_view trim(std::string_view token) {
    constexpr std::string_view white = " \t\r\n";
    const std::size_t begin = std::min(token.find_first_not_of(white), token.size());
    return token.substr(begin, token.find_last_not_of(white) + 1 - begin);
}

// One bit per key: two keys that share no bit are different without comparing them.
std::uint64_t bit_of(std::string_view key) {
    if (key.empty()) return 1;
    const auto first = static_cast<unsigned char>(key.front());
    const auto last = static_cast<unsigned char>(key.back());
    return std::uint64_t{1} << ((key.size() * 11 + first * 5u + last * 3u) & 63);
}

// Finds a key that occurs twice, member by member while small, all at once when large.
class KeysSeen {
public:
    // True when `key` is one of the `members`, which are all but the new one. Cheap, and silent
    // about large objects.
    bool contains(const Value::Object& members, std::string_view key) {
        const std::uint64_t bit = bit_of(key);
        const bool may_be_known = (bits_ & bit) != 0;
        bits_ |= bit;
        if (!may_be_known || members.size() > compared_keys_max) return false;
        return std::ranges::any_of(members,
                                   [&](const auto& member) { return member.first == key; });
    }
    // The key that a large object has twice, or null.
    static const std::string* twice_in(const Value::Object& members) {
        if (members.size() <= compared_keys_max) return nullptr;
        std::vector<const std::string*> keys;
        keys.reserve(members.size());
        for (const auto& member : members) keys.push_back(&member.first);
        const auto text = [](const std::string* key) -> const std::string& { return *key; };
        std::ranges::sort(keys, {}, text);
        const auto twin = std::ranges::adjacent_find(keys, {}, text);
        return twin == keys.end() ? nullptr : *twin;
    }

private:
    std::uint64_t bits_ = 0;
};

// simdjson reads up to 64 bytes past the end, so texts are copied where there is room. One parser
// and one buffer per thread: making them anew would cost more than reading a small text.
class Workspace {
public:
    simdjson::padded_string_view hold(std::string_view text) {
        if (bytes_ == nullptr || capacity_ < text.size()) {
            capacity_ = std::max(text.size(), std::size_t{64} << 10);
            bytes_ = std::make_unique_for_overwrite<char[]>(capacity_ + simdjson::SIMDJSON_PADDING);
        }
        if (!text.empty()) std::memcpy(bytes_.get(), text.data(), text.size());
        std::memset(bytes_.get() + text.size(), 0, simdjson::SIMDJSON_PADDING);
        return simdjson::padded_string_view(bytes_.get(), text.size(),
                                            text.size() + simdjson::SIMDJSON_PADDING);
    }
    ondemand::parser parser;

private:
    std::unique_ptr<char[]> bytes_;
    std::size_t capacity_ = 0;
};

// Builds the Value of one text. Each read_* returns false after noting the first error; On-Demand
// checks only what is visited, so every value, key and bracket is.
class Reader {
public:
    explicit Reader(std::string_view text) : text_(text) {}

    Result<Value> read(Workspace& workspace) {
        const simdjson::padded_string_view padded = workspace.hold(text_);
        begin_ = padded.data();
        Value out;
        ondemand::document document;
        const auto error = workspace.parser.iterate(padded).get(document);
        if (error != simdjson::SUCCESS) {
            fail_at(first_bad_byte(error), simdjson::error_message(error));
        } else {
            document_ = &document;
            read_document(document, out);
        }
        if (failed_) return std::unexpected(std::move(error_));
        return out;
    }

private:
    bool read_document(ondemand::document& document, Value& out) {
        const std::string_view token = trim(text_);
        if (token.front() == '{') {
            ondemand::object object;
            if (document.get_object().get(object)) return fail_at(text_.size(), unbalanced);
            return read_object(object, out, 1) && at_end(document);
        }
        if (token.front() == '[') {
            ondemand::array array;
            if (document.get_array().get(array)) return fail_at(text_.size(), unbalanced);
            return read_list(array, out, 1) && at_end(document);
        }
        if (token.front() == '"') {
            std::string_view text;
            if (!taken(document.get_string().get(text))) return false;
            out = Value(text);
            return at_end(document);
        }
        // The whole text is the token: On-Demand would let "nullx" pass as null here.
        begin_ = text_.data();
        return read_plain(token, out);
    }

    bool at_end(ondemand::document& document) {
        if (document.current_location().error() == simdjson::OUT_OF_BOUNDS) return true;
        return fail_here("text after the end of the document");
    }

    bool read_value(ondemand::value& value, Value& out, int depth) {
        const std::string_view token = value.raw_json_token();
        switch (token.front()) {
            case '{': {
                ondemand::object object;
                return taken(value.get_object().get(object)) && read_object(object, out, depth + 1);
            }
            case '[': {
                ondemand::array array;
                return taken(value.get_array().get(array)) && read_list(array, out, depth + 1);
            }
            case '"': {
                std::string_view text;
                if (!taken(value.get_string().get(text))) return false;
                out = Value(text);
                return true;
            }
            default:
                return read_plain(trim(token), out);
        }
    }

    bool read_object(ondemand::object& object, Value& out, int depth) {
        if (depth > limits::json_depth_max) return fail_here("nested too deep");
        std::size_t& room = room_[static_cast<std::size_t>(depth)];
        Value::Object members;
        members.reserve(room);
        KeysSeen seen;
        for (auto field : object) {
            std::string_view key;
            if (!taken(field.unescaped_key().get(key))) return false;
            if (seen.contains(members, key)) return fail_twice(key);
            members.emplace_back(key, Value());
            ondemand::value value;
            if (!taken(field.value().get(value))) return false;
            if (!read_value(value, members.back().second, depth)) return false;
        }
        if (const std::string* key = KeysSeen::twice_in(members)) return fail_twice(*key);
        room = std::min(members.size(), room_max);
        out = Value(std::move(members));
        return true;
    }

    bool read_list(ondemand::array& array, Value& out, int depth) {
        if (depth > limits::json_depth_max) return fail_here("nested too deep");
        Value::List items;
        for (auto item : array) {
            ondemand::value value;
            if (!taken(item.get(value))) return false;
            if (!read_value(value, items.emplace_back(), depth)) return false;
        }
        out = Value(std::move(items));
        return true;
    }

    // A number, true, false, null, or something that is no JSON.
    bool read_plain(std::string_view token, Value& out) {
        const char first = token.empty() ? '\0' : token.front();
        if (first == '-' || (first >= '0' && first <= '9')) {
            Result<Decimal> number = Decimal::parse(token);
            if (!number) return fail_at(offset_of(token), number.error().text);
            out = Value(*number);
            return true;
        }
        if (token == "true" || token == "false") {
            out = Value(first == 't');
            return true;
        }
        if (token == "null") return true;
        return fail_at(offset_of(token), "not a JSON value");
    }

    bool taken(simdjson::error_code error) {
        return error == simdjson::SUCCESS || fail_here(simdjson::error_message(error));
    }

    bool fail_twice(std::string_view key) {
        return fail_here("key \"" + text::shown(key, 60) + "\" occurs twice");
    }

    bool fail_here(std::string_view why) {
        const char* at = nullptr;
        const bool is_known = document_->current_location().get(at) == simdjson::SUCCESS;
        return fail_at(is_known ? static_cast<std::size_t>(at - begin_) : text_.size(), why);
    }

    bool fail_at(std::size_t offset, std::string_view why) {
        failed_ = true;
        error_ = {ErrorKind::corrupt,
                  "not JSON at byte " + std::to_string(offset) + ": " + std::string(why),
                  {}};
        return false;
    }

    std::size_t offset_of(std::string_view token) const {
        return std::min(static_cast<std::size_t>(token.data() - begin_), text_.size());
    }

    // The first stage of simdjson judges a text as a whole; people want to know where to look.
    std::size_t first_bad_byte(simdjson::error_code error) const {
        if (error != simdjson::UTF8_ERROR) return error == simdjson::EMPTY ? 0 : text_.size();
        std::size_t good = 0;
        while (good < text_.size()) {
            const std::size_t length = std::min(sequence_length(text_[good]), text_.size() - good);
            if (!simdjson::validate_utf8(text_.data() + good, length)) break;
            good += length;
        }
        return good;
    }

    static std::size_t sequence_length(char lead) {
        return std::max<std::size_t>(
            1, static_cast<std::size_t>(std::countl_one(static_cast<unsigned char>(lead))));
    }

    std::string_view text_;
    const char* begin_ = nullptr;
    ondemand::document* document_ = nullptr;
    bool failed_ = false;
    Error error_;
    std::array<std::size_t, limits::json_depth_max + 1> room_ = [] {
        std::array<std::size_t, limits::json_depth_max + 1> room{};
        room.fill(first_room);
        return room;
    }();
};

}  // namespace

Result<Value> read(std::string_view text) {
    thread_local Workspace workspace;
    return Reader(text).read(workspace);
}

}  // namespace entente::json
