// What the loader's tests share: a workspace that loads, a way to break one line of it, and a check
// of a diagnostic that demands its exact place.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "model/loader.hpp"

namespace entente::model {

inline const std::string good_workspace = R"(workspace: acme
store: state/entente.db
timezone: Europe/Amsterdam
country: NL
systems:
  CustomWebshop:
    connector: custom-webshop
    base_url: http://127.0.0.1:4010
    auth: {api_key: "${SHOP_KEY}"}
    simulated: true
  CustomERP:
    connector: custom-erp
    base_url: https://erp.example/
    auth: {token: "file:erp.token"}
    poll_every: 2s
    sweep_every: 10min
flows: derived
properties:
  product.price: {conflicts: {prefer: [CustomERP]}}
conflicts: latest
)";

// The connector of OData's kind, as a simulated system.
inline const std::string exact_workspace = R"(workspace: acme
systems:
  CustomWebshop:
    connector: custom-webshop
    base_url: http://127.0.0.1:4010
    auth: {api_key: "${SHOP_KEY}"}
  ExactOnline:
    connector: exact-online
    base_url: http://127.0.0.1:4030/api/v1/1234567
    simulated: true
    settings: {division: 1234567}
    auth: {token: "${EXACT_TOKEN}"}
)";

// The text with one part replaced. Requires: the part stands there exactly once.
inline std::string with(std::string text, const std::string& part, const std::string& instead) {
    const std::size_t at = text.find(part);
    EXPECT_NE(at, std::string::npos) << part;
    EXPECT_EQ(text.find(part, at + 1), std::string::npos) << part << " stands there twice";
    if (at != std::string::npos) text.replace(at, part.size(), instead);
    return text;
}

inline LoadInput input_of(const std::string& workspace, std::vector<SourceFile> overlay = {}) {
    LoadInput input;
    input.workspace = {"entente.yaml", workspace};
    input.catalog.assign(shipped_catalog().begin(), shipped_catalog().end());
    input.overlay = std::move(overlay);
    input.is_set = [](const SecretRef&) { return true; };
    return input;
}

inline LoadResult load_text(const std::string& workspace, std::vector<SourceFile> overlay = {}) {
    return load(input_of(workspace, std::move(overlay)));
}

inline std::string all_text(const Diagnostics& diagnostics) {
    std::string out;
    for (const Diagnostic& diagnostic : diagnostics) out += diagnostic.text() + "\n";
    return out;
}

// There is a diagnostic that begins with `place` and holds every one of `parts`.
inline bool has(const Diagnostics& diagnostics, Diagnostic::Severity severity,
                const std::string& place, const std::vector<std::string>& parts) {
    return std::ranges::any_of(diagnostics, [&](const Diagnostic& diagnostic) {
        const std::string text = diagnostic.text();
        return diagnostic.severity == severity && text.starts_with(place + ": ") &&
               std::ranges::all_of(parts, [&](const std::string& p) { return text.contains(p); });
    });
}

inline void expect_error(const LoadResult& result, const std::string& place,
                         const std::vector<std::string>& parts) {
    EXPECT_FALSE(result.workspace.has_value());
    EXPECT_TRUE(has(result.diagnostics, Diagnostic::Severity::error, place, parts))
        << "no error at " << place << " among\n"
        << all_text(result.diagnostics);
}

// The error, and no other; notes may say what follows from it.
inline void expect_only_error(const LoadResult& result, const std::string& place,
                              const std::vector<std::string>& parts) {
    expect_error(result, place, parts);
    EXPECT_EQ(std::ranges::count_if(result.diagnostics,
                                    [](const Diagnostic& diagnostic) {
                                        return diagnostic.severity != Diagnostic::Severity::note;
                                    }),
              1)
        << all_text(result.diagnostics);
}

inline void expect_to_fill_in(const LoadResult& result, const std::string& place,
                              const std::vector<std::string>& parts) {
    EXPECT_TRUE(result.workspace.has_value()) << all_text(result.diagnostics);
    EXPECT_TRUE(has(result.diagnostics, Diagnostic::Severity::to_fill_in, place, parts))
        << "nothing to fill in at " << place << " among\n"
        << all_text(result.diagnostics);
}

}  // namespace entente::model
