#include "base/json.hpp"

#include <simdjson.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <memory>

#include "base/json_mend.hpp"
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
    // Of a mended text: what it holds is read on beyond each flaw.
    explicit Reader(const Mended& mended) : text_(mended.text), mended_(&mended) {}

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

    std::vector<Flaw> take_flaws() { return std::move(flaws_); }

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
                if (mended_ != nullptr && is_mended(token.data(), token.size())) return true;
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
            ondemand::raw_json_string raw;
            if (mended_ != nullptr && !taken(field.key().get(raw))) return false;
            const char* const key_begin = mended_ != nullptr ? raw.raw() : nullptr;
            if (!taken(field.unescaped_key().get(key))) return false;
            if (mended_ != nullptr) path_.emplace_back(key);
            const bool is_twice = seen.contains(members, key);
            if (is_twice && !pass_twice(key)) return false;
            Value passed_over;
            if (!is_twice) members.emplace_back(key, Value());
            ondemand::value value;
            if (!taken(field.value().get(value))) return false;
            if (mended_ != nullptr) {
                const char* const value_begin = value.raw_json_token().data();
                is_mended(key_begin, static_cast<std::size_t>(value_begin - key_begin));
            }
            if (!read_value(value, is_twice ? passed_over : members.back().second, depth))
                return false;
            if (mended_ != nullptr) path_.pop_back();
        }
        if (const std::string* key = KeysSeen::twice_in(members))
            if (!pass_twice(*key)) return false;
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
            if (mended_ != nullptr) path_.push_back(std::to_string(items.size()));
            if (!read_value(value, items.emplace_back(), depth)) return false;
            if (mended_ != nullptr) path_.pop_back();
        }
        out = Value(std::move(items));
        return true;
    }

    // A number, true, false, null, or something that is no JSON.
    bool read_plain(std::string_view token, Value& out) {
        const char first = token.empty() ? '\0' : token.front();
        if (first == '-' || (first >= '0' && first <= '9')) {
            Result<Decimal> number = Decimal::parse(token);
            if (!number) return pass_plain(token, number.error().text);
            out = Value(*number);
            return true;
        }
        if (token == "true" || token == "false") {
            out = Value(first == 't');
            return true;
        }
        if (token == "null") return true;
        return pass_plain(token, "not a JSON value");
    }

    // True: it is a flaw of a text that is read on beyond.
    bool pass_plain(std::string_view token, std::string_view why) {
        if (mended_ == nullptr) return fail_at(offset_of(token), why);
        flaws_.push_back({path_, std::string(why)});
        return true;
    }

    bool pass_twice(std::string_view key) {
        if (mended_ == nullptr) return fail_twice(key);
        flaws_.push_back({path_, "the key \"" + text::shown(key, 60) + "\" occurs twice"});
        return true;
    }

    // Whether something in these bytes was mended. Ensures: then it is among the flaws.
    bool is_mended(const char* begin, std::size_t size) {
        const auto from = static_cast<std::size_t>(begin - begin_);
        const auto at = std::ranges::lower_bound(mended_->places, from, {}, &Mended::Place::offset);
        if (at == mended_->places.end() || at->offset >= from + size) return false;
        flaws_.push_back({path_, std::string(at->why)});
        return true;
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
    const Mended* mended_ = nullptr;  // null pointer: each flaw is an error
    std::vector<std::string> path_;   // of what is read; kept of a mended text only
    std::vector<Flaw> flaws_;
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

namespace {

constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";

std::string_view without_mark(std::string_view text) {
    if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
    return text;
}

Workspace& workspace_of_thread() {
    thread_local Workspace workspace;
    return workspace;
}

}  // namespace

Result<Value> read(std::string_view text) {
    return Reader(without_mark(text)).read(workspace_of_thread());
}

Result<Flawed> read_flawed(std::string_view text) {
    Result<Value> flawless = read(text);
    if (flawless) return Flawed{*std::move(flawless), {}};
    const Mended mended = mend(without_mark(text));
    Reader reader(mended);
    Result<Value> value = reader.read(workspace_of_thread());
    if (!value) return std::unexpected(std::move(flawless).error());
    return Flawed{*std::move(value), reader.take_flaws()};
}

}  // namespace entente::json
