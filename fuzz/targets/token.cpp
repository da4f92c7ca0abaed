// Answers of a token server: a token that can stand in a header and is asked for anew within a day, or a reason that holds neither
// the client's secret nor a token.
#include <charconv>
#include <string>

#include "base/json.hpp"
#include "connect/token_login.hpp"
#include "targets/input.hpp"
#include "targets/wire.hpp"

namespace entente::fuzz {
namespace {

constexpr Duration day{86'400'000};

connect::TokenLogin login() {
    model::System system;
    system.rest.token_url = "https://login.example/token";
    system.rest.token_renewed_before = Duration{60'000};
    auto opened = connect::TokenLogin::open(
        system, {{"client_id", "entente"}, {"client_secret", std::string(secret)}});
    CHECK(opened.has_value(), "a login with its secrets opens");
    return *std::move(opened);
}

}  // namespace

void fuzz_token(Bytes input) {
    std::string_view rest = text_of(input);
    http::Response response;
    const std::string_view status = take_line(rest);
    std::from_chars(status.data(), status.data() + status.size(), response.status);
    response.body = rest;
    static const connect::TokenLogin unused = login();
    connect::TokenLogin used = unused;
    const Instant asked{1'795'219'200'000};
    const auto taken = used.take(response, asked);
    if (!taken) {
        check_message(taken.error().message());
        CHECK(!taken.error().message().contains(secret), "a message never holds the secret");
        CHECK(taken.error().kind == ErrorKind::auth || taken.error().kind == ErrorKind::retry_later,
              "a client is refused, or the server is asked again");
        CHECK(used.token().empty() && used.is_due(asked), "what is no token is not used");
        return;
    }
    CHECK(response.status == 200, "a token comes with 200");
    for (const char c : used.token()) CHECK(c > ' ' && c < 0x7f, "a token can stand in a header");
    CHECK(!used.token().empty() && !used.is_due(asked), "a token is used");
    CHECK(used.is_due(asked + day), "a token is asked for anew within a day");
    used.refused("another " + used.token());
    CHECK(!used.is_due(asked), "the refusal of another token changes nothing");
    used.refused(std::string(used.token()));
    CHECK(used.is_due(asked), "a token that was refused is not used again");
}

}  // namespace entente::fuzz
