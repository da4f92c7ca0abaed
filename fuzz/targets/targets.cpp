#include "targets/targets.hpp"

#include <array>

namespace entente::fuzz {

std::span<const Target> targets() {
    static constexpr std::array all = {
        Target{"json", fuzz_json},
        Target{"decimal", fuzz_decimal},
        Target{"time", fuzz_time},
        Target{"text", fuzz_text},
        Target{"url", fuzz_url},
        Target{"body_path", fuzz_body_path},
        Target{"workspace", fuzz_workspace},
        Target{"catalog", fuzz_catalog},
        Target{"document", fuzz_document},
        Target{"metadata", fuzz_metadata},
        Target{"answer", fuzz_answer},
        Target{"request", fuzz_request},
        Target{"next_link", fuzz_next_link},
        Target{"cursor", fuzz_cursor},
        Target{"token", fuzz_token},
        Target{"webhook", fuzz_webhook},
    };
    return all;
}

}  // namespace entente::fuzz
