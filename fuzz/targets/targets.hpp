// The fuzz targets: each feeds one input to a reader of foreign text and CHECKs what must hold of
// whatever it makes of it. Called by libFuzzer (fuzzer.cpp) and, over the committed corpus, by
// tests/fuzz. A target is pure: the same input does the same, and no input may break a CHECK, take
// long, or take much memory.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace entente::fuzz {

using Bytes = std::span<const std::uint8_t>;

// Any bytes, as JSON.
void fuzz_json(Bytes input);
// Lines: two numbers, and how many decimals to round to.
void fuzz_decimal(Bytes input);
// A text, as every kind of time that is read; its first bytes, as a point in time.
void fuzz_time(Bytes input);
// A text, folded and cut in every way; two lines, compared.
void fuzz_text(Bytes input);
// Lines: a base URL, a link found in an answer.
void fuzz_url(Bytes input);
// A line with a path, then the JSON it leads into.
void fuzz_body_path(Bytes input);
// Any bytes, as entente.yaml over the shipped catalogue.
void fuzz_workspace(Bytes input);
// A first character that names a file (catalog.cpp lists them), then its text, laid over the
// shipped catalogue.
void fuzz_catalog(Bytes input);
// Any bytes, as a data-flow document.
void fuzz_document(Bytes input);
// Any bytes, as the $metadata of an OData service.
void fuzz_metadata(Bytes input);
// Three characters that choose system, resource and call, then the call's text, then, line by line
// like a response of HTTP, status, headers, an empty line and the body.
void fuzz_answer(Bytes input);
// The same three characters, then the texts of the call.
void fuzz_request(Bytes input);
// Two characters that choose system and resource, then the link or cursor that a page of it names as the next one.
void fuzz_next_link(Bytes input);
// The same two characters, a line with a cursor that a list goes on from, then the body of its page.
void fuzz_cursor(Bytes input);
// A line with a status, then the body: what a token server answers.
void fuzz_token(Bytes input);
// A character that chooses the system, a line with an id, then a body that nobody has asked for.
void fuzz_webhook(Bytes input);

struct Target {
    std::string_view name;  // "json": its corpus is fuzz/corpus/json
    void (*run)(Bytes input);
};
std::span<const Target> targets();

}  // namespace entente::fuzz
