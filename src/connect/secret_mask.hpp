// Takes our own logins out of what systems say, because some repeat them in their complaints. Serves G19. Text is masked first and cut
// to the length that people are shown afterwards: half a secret could no longer be told from text.
#pragma once

#include <bitset>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace entente::connect {

class SecretMask {
public:
    SecretMask() = default;
    // A secret under 4 characters is too common to be told from text, and is not masked.
    explicit SecretMask(const std::vector<std::string>& secrets);

    void add(const std::string& secret);
    // The value of a header: what stands behind its scheme may be short secrets that were encoded together.
    void add_login(const std::string& header);
    // One of the tokens that take each other's place; the last few are remembered.
    void add_token(const std::string& token);

    // Every occurrence of a secret becomes "***": plain, percent-encoded, escaped as in JSON or HTML, each of them once or several
    // times, and in base64 together with what else was encoded with it.
    std::string masked(std::string_view text) const;

private:
    struct Form {
        std::string text;
        bool is_base64 = false;

        char first() const { return text.front(); }
    };

    void prepare();
    std::size_t match_at(std::string_view text, std::size_t at, bool& in_base64) const;

    std::vector<std::string> secrets_;
    std::deque<std::string> tokens_;
    std::vector<Form> forms_;  // made of both, once, and not with every answer
    // The bytes that an occurrence can begin with.
    std::bitset<256> begins_;
};

}  // namespace entente::connect
