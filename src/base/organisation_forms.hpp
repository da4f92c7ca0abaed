// Legal forms of organisations as they look after folding, with the blanks between their letters
// left out ("S. de R.L. de C.V." is "sderldecv"). A form is dropped from the end of a name only. A
// form that is missing here costs a match; one that is also a word of names ("EU") costs a wrong
// one, which is worse.
#pragma once

#include <array>
#include <string_view>

namespace entente::text {

// clang-format off
inline constexpr std::array organisation_forms = std::to_array<std::string_view>({
    // Norway, Sweden, Denmark, Finland, Iceland
    "as", "asa", "ans", "da", "enk", "nuf", "sa", "ab", "abp", "hb", "kb", "aps", "ivs", "oy",
    "oyj", "ehf", "hf", "ohf",
    // Germany, Austria, Switzerland, Liechtenstein
    "gmbh", "mbh", "ggmbh", "ag", "kg", "kgaa", "ohg", "ug", "ughaftungsbeschrankt", "gbr",
    "ev", "eg", "ek", "se", "gesmbh", "sarl", "sagl",
    // The Netherlands, Belgium, Luxembourg
    "bv", "nv", "vof", "cv", "bvba", "sprl", "srl", "cvba", "scrl", "vzw", "asbl",
    // France, Spain, Portugal, Italy
    "sas", "sasu", "eurl", "sci", "snc", "scop", "sl", "slu", "sau", "sll", "lda", "ltda",
    "unipessoallda", "spa", "srls", "sapa",
    // The British Isles and North America
    "ltd", "limited", "plc", "llp", "lp", "cic", "dac", "clg", "inc", "incorporated", "llc",
    "corp", "corporation", "ulc", "pllc",
    // Central and eastern Europe
    "spzoo", "spzo", "spj", "spk", "sro", "spolsro", "doo", "dd", "jdoo", "kft", "zrt", "nyrt",
    "bt", "rt", "ood", "eood", "ad", "ead", "uab", "sia", "ou", "ooo", "oao", "zao", "pao",
    "tov", "ae", "epe", "ike",
    // The rest of the world
    "pty", "ptyltd", "proprietary", "pte", "pteltd", "pvt", "pvtltd", "sdnbhd", "bhd", "kk",
    "sadecv", "sapidecv", "sderldecv", "sacv", "fzco", "fze", "fzllc", "wll", "jsc",
});
// clang-format on

// Words that belong to a form before which they stand ("& Co. KG", "and Company Ltd") but are part
// of the name when they end it ("Tiffany & Co.").
inline constexpr std::array words_before_forms =
    std::to_array<std::string_view>({"co", "company", "cie"});

}  // namespace entente::text
