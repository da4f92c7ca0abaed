#include "report/document_sentences.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <initializer_list>
#include <optional>
#include <string_view>

#include "base/text.hpp"

namespace entente::report {
namespace {

using Severity = model::Diagnostic::Severity;
using Creation = DocumentSection::Creation;

// A full stop inside a name ("Dr. Oetker") is met a few times at most; more are no sentence of ours.
constexpr std::size_t stops_tried_max = 8;
constexpr std::size_t sentence_length_max = 2'000;

// Everything is compared folded: no blanks, no punctuation, no capitals.
bool consume(std::string_view& text, std::string_view word) {
    if (!text.starts_with(word)) return false;
    text.remove_prefix(word.size());
    return true;
}

bool consume_one(std::string_view& text, std::initializer_list<std::string_view> words) {
    return std::ranges::any_of(words, [&](std::string_view word) { return consume(text, word); });
}

bool is_named(std::string_view text, std::string_view name) {
    return std::ranges::any_of(std::initializer_list<std::string_view>{"", "a", "an", "the"},
                               [&](std::string_view article) {
                                   std::string_view rest = text;
                                   return consume(rest, article) && rest == name;
                               });
}

struct CreationRule {
    Creation creation = Creation::unsaid;
    std::string condition;
};

// "Every A will be synchronized with a B", "No A ...", "Every A will never be ...".
Creation unconditional(std::string_view sentence, const SentenceSides& sides) {
    const std::string folded = text::fold(sentence);
    std::string_view rest = folded;
    const bool is_denied = consume(rest, "no");
    if (!is_denied && !consume_one(rest, {"every", "each", "all"})) return Creation::unsaid;
    if (!consume(rest, text::fold(sides.from))) return Creation::unsaid;
    bool is_never = false;
    if (consume(rest, "willneverbe")) {
        is_never = true;
    } else if (!consume_one(rest, {"willbe", "is", "are"})) {
        return Creation::unsaid;
    }
    is_never = consume(rest, "never") || is_never;
    if (!consume_one(rest, {"synchronized", "synchronised", "synced"})) return Creation::unsaid;
    if (!consume_one(rest, {"with", "to"}) || !is_named(rest, text::fold(sides.to))) {
        return Creation::unsaid;
    }
    return is_denied || is_never ? Creation::never : Creation::always;
}

CreationRule rule_of(std::string_view sentence, const SentenceSides& sides) {
    if (const Creation plain = unconditional(sentence, sides); plain != Creation::unsaid) {
        return {plain, {}};
    }
    for (const std::string_view word : {" only when ", " only if ", " when ", " if "}) {
        std::size_t at = sentence.find(word);
        for (std::size_t tried = 0; at != std::string_view::npos && tried < stops_tried_max;
             ++tried, at = sentence.find(word, at + 1)) {
            if (unconditional(sentence.substr(0, at), sides) != Creation::always) continue;
            std::string condition(sentence.substr(at + word.size()));
            while (condition.ends_with('.')) condition.pop_back();
            return {Creation::when, std::move(condition)};
        }
    }
    return {};
}

// Sentences that hold for every flow and so say nothing to remember.
bool is_general(std::string_view sentence, const SentenceSides& sides) {
    const std::string folded = text::fold(sentence);
    const std::string from = text::fold(sides.from);
    const std::string to = text::fold(sides.to);
    std::string_view rest = folded;
    if (consume(rest, "oncealinkbetween")) {
        return consume_one(rest, {"an" + from, "a" + from, from}) && consume(rest, "and") &&
               consume_one(rest, {"an" + to, "a" + to, to}) &&
               rest ==
                   "isestablisheditwillkeepinsyncbetweenthetwosystemsregardlessofwhereitisedited";
    }
    return consume(rest, "thefollowingpropertiesare") &&
           consume_one(rest, {"synchronized", "synchronised", "synced"}) &&
           consume(rest, "between") && consume_one(rest, {"an" + from, "a" + from, from}) &&
           consume(rest, "and") && is_named(rest, to);
}

bool understand(std::string_view sentence, const SentenceSides& sides, DocumentSection& section) {
    if (sentence.size() > sentence_length_max) return false;
    if (is_general(sentence, sides)) return true;
    CreationRule rule = rule_of(sentence, sides);
    if (rule.creation == Creation::unsaid) return false;
    const bool contradicts =
        section.creation != Creation::unsaid &&
        (section.creation != rule.creation || section.condition != rule.condition);
    if (contradicts) return false;
    section.creation = rule.creation;
    section.condition = std::move(rule.condition);
    return true;
}

// Where the sentence that begins here ends: behind the first full stop that leaves something that is
// understood, else behind the first one.
struct Ending {
    std::size_t size = 0;
    bool is_understood = false;
};

Ending ending_of(std::string_view text, const SentenceSides& sides, DocumentSection& section) {
    if (understand(text, sides, section)) return {text.size(), true};
    std::size_t first = text.size();
    std::size_t at = text.find(". ");
    for (std::size_t tried = 0; at != std::string_view::npos && tried < stops_tried_max; ++tried) {
        first = std::min(first, at + 1);
        if (understand(text.substr(0, at + 1), sides, section)) return {at + 1, true};
        at = text.find(". ", at + 1);
    }
    return {first, false};
}

}  // namespace

bool is_creation_sentence(std::string_view text, const SentenceSides& sides) {
    return text.size() <= sentence_length_max && rule_of(text, sides).creation != Creation::unsaid;
}

void read_paragraph(std::span<const DocumentLine> lines, const SentenceSides& sides,
                    const std::string& file, DocumentSection& section,
                    model::Diagnostics& diagnostics) {
    std::string paragraph;
    std::vector<std::size_t> starts;  // of each line in the paragraph
    for (const DocumentLine& line : lines) {
        if (!paragraph.empty()) paragraph.push_back(' ');
        starts.push_back(paragraph.size());
        paragraph += line.text.substr(line.text.find_first_not_of(' '));
    }
    std::string_view rest = paragraph;
    while (true) {
        rest.remove_prefix(std::min(rest.find_first_not_of(' '), rest.size()));
        if (rest.empty()) return;
        const std::size_t offset = paragraph.size() - rest.size();
        const Ending ending = ending_of(rest, sides, section);
        if (!ending.is_understood) {
            const auto next = std::ranges::upper_bound(starts, offset);
            const auto line = static_cast<std::size_t>(next - starts.begin()) - 1;
            const std::size_t indent = lines[line].text.find_first_not_of(' ');
            section.unknown_sentences.emplace_back(rest.substr(0, ending.size));
            diagnostics.push_back(
                {Severity::note,
                 {file, lines[line].number, static_cast<int>(offset - starts[line] + indent) + 1},
                 fmt::format("this sentence is not understood: {}",
                             text::truncate(section.unknown_sentences.back(), 80)),
                 "it is kept, and changes nothing"});
        }
        rest.remove_prefix(ending.size);
    }
}

}  // namespace entente::report
