#include "connect/body_path.hpp"

#include <charconv>
#include <utility>

namespace entente::connect {
namespace {

const Value* element_at(const Value& list, std::string_view step) {
    std::size_t index = 0;
    const char* const end = step.data() + step.size();
    const auto [at, code] = std::from_chars(step.data(), end, index);
    if (code != std::errc() || at != end) return nullptr;
    return index < list.as_list().size() ? &list.as_list()[index] : nullptr;
}

}  // namespace

const Value* find_at(const Value& value, std::string_view path) {
    const Value* here = &value;
    while (here != nullptr && !path.empty()) {
        if (const Value* whole = here->find(path)) return whole;
        const std::size_t dot = path.find('.');
        const std::string_view step = path.substr(0, dot);
        path.remove_prefix(dot == std::string_view::npos ? path.size() : dot + 1);
        here = here->is_list() ? element_at(*here, step) : here->find(step);
    }
    return here;
}

Value* find_at(Value& value, std::string_view path) {
    return const_cast<Value*>(find_at(std::as_const(value), path));
}

}  // namespace entente::connect
