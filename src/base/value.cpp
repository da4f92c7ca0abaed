#include "base/value.hpp"

#include <algorithm>

namespace entente {
namespace {

// Above this many members, equality sorts instead of searching: a dictionary of thousands of
// keys in another order would otherwise cost the square of them.
constexpr std::size_t searched_members_max = 32;

using Members = std::vector<const Value::Member*>;

Members sorted_by_key(const Value::Object& object) {
    Members members;
    members.reserve(object.size());
    for (const auto& member : object) members.push_back(&member);
    std::ranges::sort(members, {},
                      [](const Value::Member* m) { return std::string_view(m->first); });
    return members;
}

bool same_sorted(const Value::Object& a, const Value::Object& b) {
    return std::ranges::equal(sorted_by_key(a), sorted_by_key(b),
                              [](const auto* x, const auto* y) { return *x == *y; });
}

bool same_members(const Value& a, const Value& b) {
    const Value::Object& left = a.as_object();
    const Value::Object& right = b.as_object();
    if (left.size() != right.size()) return false;
    // Almost always both sides were written by the same system, in the same order.
    std::size_t i = 0;
    while (i < left.size() && left[i].first == right[i].first) {
        if (!(left[i].second == right[i].second)) return false;
        ++i;
    }
    if (i == left.size()) return true;
    if (left.size() > searched_members_max) return same_sorted(left, right);
    return std::all_of(left.begin() + static_cast<std::ptrdiff_t>(i), left.end(),
                       [&](const Value::Member& member) {
                           const Value* other = b.find(member.first);
                           return other != nullptr && member.second == *other;
                       });
}

}  // namespace

std::string_view Value::kind() const {
    constexpr std::string_view kinds[] = {"null", "boolean", "number", "text", "list", "object"};
    return kinds[v_.index()];
}

const Value* Value::find(std::string_view key) const {
    const Object* object = std::get_if<Object>(&v_);
    if (object == nullptr) return nullptr;
    for (const Member& member : *object) {
        if (member.first == key) return &member.second;
    }
    return nullptr;
}

Value* Value::find(std::string_view key) {
    return const_cast<Value*>(static_cast<const Value*>(this)->find(key));
}

const Value* Value::at_path(std::string_view path) const {
    const Value* at = this;
    while (at != nullptr) {
        const std::size_t dot = path.find('.');
        at = at->find(path.substr(0, dot));
        if (dot == std::string_view::npos) return at;
        path.remove_prefix(dot + 1);
    }
    return nullptr;
}

void Value::set(std::string_view key, Value value) {
    CHECK(is_object(), "members are set on objects only");
    if (Value* old = find(key)) {
        *old = std::move(value);
    } else {
        as_object().emplace_back(std::string(key), std::move(value));
    }
}

void Value::set_path(std::string_view path, Value value) {
    CHECK(is_object(), "members are set on objects only");
    Value* at = this;
    for (std::size_t dot = path.find('.'); dot != std::string_view::npos; dot = path.find('.')) {
        const std::string_view key = path.substr(0, dot);
        path.remove_prefix(dot + 1);
        Value* next = at->find(key);
        if (next == nullptr || next->is_null()) {
            at->set(key, Value::object());
            next = at->find(key);
        }
        CHECK(next->is_object(), "a path leads through objects only");
        at = next;
    }
    at->set(path, std::move(value));
}

bool Value::erase(std::string_view key) {
    Object* object = std::get_if<Object>(&v_);
    if (object == nullptr) return false;
    const auto at = std::ranges::find(*object, key, &Member::first);
    if (at == object->end()) return false;
    object->erase(at);
    return true;
}

bool operator==(const Value& a, const Value& b) {
    if (a.v_.index() != b.v_.index()) return false;
    if (a.is_object()) return same_members(a, b);
    return a.v_ == b.v_;
}

}  // namespace entente
