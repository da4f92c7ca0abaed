#include "connect/secret_mask.hpp"

#include <algorithm>
#include <cstdint>
#include <set>
#include <utility>

#include "connect/escapes.hpp"

namespace entente::connect {
namespace {

constexpr std::string_view mask = "***";
constexpr std::size_t secret_size_min = 4;
// What of a secret stands in base64 by itself; shorter pieces stand in other texts by chance.
constexpr std::size_t base64_size_min = 5;
constexpr std::size_t tokens_max = 4;
constexpr std::size_t ways_max = 8;

constexpr std::string_view base64_digits =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

// The digits of base64 that depend on the secret alone when `before` bytes stand before it.
std::string base64_core(std::string_view secret, std::size_t before) {
    const std::string bytes = std::string(before, '\0') + std::string(secret);
    std::string out;
    std::uint32_t bits = 0;
    int held = 0;
    for (const char c : bytes) {
        bits = (bits << 8 | static_cast<unsigned char>(c)) & 0xffff;
        for (held += 8; held >= 6; held -= 6) out += base64_digits[(bits >> (held - 6)) & 0x3f];
    }
    return out.substr((before * 8 + 5) / 6);
}

bool is_base64(char c) {
    return base64_digits.contains(c) || c == '-' || c == '_' || c == '=';
}

// Of a text with escapes: the most bytes that it takes to spell the form; 0: it does not.
std::size_t spelled(std::string_view text, std::size_t at, std::string_view form) {
    // How much of the form was read, and up to which byte of the text.
    std::set<std::pair<std::size_t, std::size_t>> open{{0, at}};
    std::size_t taken = 0;
    // A secret made of escapes can be spelled in more ways than anybody could try.
    for (std::size_t steps = ways_max * form.size(); !open.empty() && steps > 0; --steps) {
        const auto [read, end] = *open.begin();
        open.erase(open.begin());
        if (read == form.size()) {
            taken = std::max(taken, end - at);
            continue;
        }
        if (end == text.size()) continue;
        for (const Reading& reading : readings_at(text, end))
            if (form.substr(read).starts_with(reading.bytes))
                open.emplace(read + reading.bytes.size(), end + reading.taken);
    }
    return taken;
}

// The same of any text, fast where it holds no escape.
std::size_t match(std::string_view text, std::size_t at, std::string_view form) {
    for (std::size_t i = 0; i < form.size(); ++i) {
        if (at + i == text.size()) return 0;
        if (begins_escape(text[at + i])) return spelled(text, at, form);
        if (text[at + i] != form[i]) return 0;
    }
    return form.size();
}

}  // namespace

SecretMask::SecretMask(const std::vector<std::string>& secrets) : secrets_(secrets) {
    prepare();
}

void SecretMask::add(const std::string& secret) {
    secrets_.push_back(secret);
    prepare();
}

void SecretMask::add_login(const std::string& header) {
    secrets_.push_back(header);
    add(header.substr(header.find(' ') + 1));
}

void SecretMask::add_token(const std::string& token) {
    if (std::ranges::find(tokens_, token) != tokens_.end()) return;
    tokens_.push_back(token);
    if (tokens_.size() > tokens_max) tokens_.pop_front();
    prepare();
}

void SecretMask::prepare() {
    forms_.clear();
    begins_.reset();
    const auto add_form = [this](std::string text, bool is_base64) {
        begins_.set(static_cast<unsigned char>(text.front()));
        forms_.push_back({std::move(text), is_base64});
    };
    const auto add_forms = [&](const std::string& secret) {
        if (secret.size() < secret_size_min) return;
        add_form(secret, false);
        // Forms of the web write a blank as a plus.
        std::string with_plus = secret;
        std::ranges::replace(with_plus, ' ', '+');
        if (with_plus != secret) add_form(std::move(with_plus), false);
        for (const std::size_t before : {0, 1, 2}) {
            std::string core = base64_core(secret, before);
            if (core.size() < base64_size_min) continue;
            std::string for_urls = core;
            std::ranges::replace(for_urls, '+', '-');
            std::ranges::replace(for_urls, '/', '_');
            if (for_urls != core) add_form(std::move(for_urls), true);
            add_form(std::move(core), true);
        }
    };
    for (const std::string& secret : secrets_) add_forms(secret);
    for (const std::string& token : tokens_) add_forms(token);
    std::ranges::sort(forms_, {}, &Form::first);
    if (forms_.empty()) return;
    for (int c = 0; c < 256; ++c)
        if (begins_escape(static_cast<char>(c))) begins_.set(static_cast<std::size_t>(c));
}

std::size_t SecretMask::match_at(std::string_view text, std::size_t at, bool& in_base64) const {
    std::size_t longest = 0;
    const auto try_forms = [&](char first) {
        for (const Form& form : std::ranges::equal_range(forms_, first, {}, &Form::first)) {
            const std::size_t taken = match(text, at, form.text);
            if (taken == 0) continue;
            longest = std::max(longest, taken);
            in_base64 |= form.is_base64;
        }
    };
    if (!begins_escape(text[at])) {
        try_forms(text[at]);
        return longest;
    }
    for (const Reading& reading : readings_at(text, at)) try_forms(reading.bytes.front());
    return longest;
}

std::string SecretMask::masked(std::string_view text) const {
    std::string out;
    std::size_t told = 0;  // of the text: copied, or masked
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (!begins_.test(static_cast<unsigned char>(text[at]))) continue;
        bool in_base64 = false;
        const std::size_t taken = match_at(text, at, in_base64);
        if (taken == 0) continue;
        std::size_t begin = at, end = std::max(at + taken, told);
        if (in_base64) {
            while (begin > told && is_base64(text[begin - 1])) --begin;
            while (end < text.size() && is_base64(text[end])) ++end;
        }
        // What touches is one: a secret may begin inside of another one.
        if (begin > told || told == 0) {
            out += text.substr(told, begin - told);
            out += mask;
        }
        told = end;
    }
    return out += text.substr(told);
}

}  // namespace entente::connect
