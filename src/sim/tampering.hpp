// A value that somebody changes behind the engine's back, as a person with curl would: the demo shows that it is found.
// One value per model that no system reshapes, so that each change is exactly one difference. Pure.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "base/http.hpp"
#include "base/value.hpp"

namespace entente::sim {

struct Tampering {
    std::string_view model, resource, property;
};
// The kind of system that is tampered with, and what is changed there.
std::string_view tampered_kind();
std::span<const Tampering> tamperings();
// The record that is to be changed. The url is in origin form.
http::Request look_before_tampering(const Tampering& what, const std::string& id,
                                    const std::string& credential);
// The change of one record, to a value that it does not show; another number makes another value.
http::Request tamper_with(const Tampering& what, const std::string& id, std::int64_t number,
                          const Value& shown, const std::string& credential);

}  // namespace entente::sim
