// Two spellings of one value fold to the same text, and different values do not.
#include <gtest/gtest.h>

#include <rapidcheck/gtest.h>

#include "base/text.hpp"

namespace entente::text {
namespace {

TEST(Fold, case_accents_punctuation_and_spaces_are_folded_away) {
    EXPECT_EQ(fold("  Müller & Co. "), "mullerco");
    EXPECT_EQ(fold("Mu\u0308ller & Co"), "mullerco");
    EXPECT_EQ(fold("O'Brien-Smith (2)"), "obriensmith2");
    EXPECT_EQ(fold("---"), "");
    EXPECT_EQ(fold(""), "");
}

TEST(Fold, letters_with_strokes_and_ligatures_become_plain) {
    EXPECT_EQ(fold("Øre Ærlig Åse"), "oreaerligase");
    EXPECT_EQ(fold("Straße STRASSE STRAẞE"), "strassestrassestrasse");
    EXPECT_EQ(fold("Łódź Đorđe Þór Œuvre Ðað"), "lodzdordethoroeuvredad");
    EXPECT_EQ(fold("İzmir ILGIN ığdır"), "izmirilginigdir");
    EXPECT_EQ(fold("ﬁn ℡ Ⅳ"), "finteliv");
}

TEST(Fold, other_scripts_keep_their_letters_and_lose_their_accents) {
    EXPECT_EQ(fold("Ёлка"), fold("елка"));
    EXPECT_EQ(fold("Αθήνα"), fold("ΑΘΗΝΑ"));
    EXPECT_NE(fold("がき"), fold("かき"));
    EXPECT_NE(fold("कि"), fold("की"));
    EXPECT_EQ(fold("ＡＢＣ１２３"), "abc123");
    EXPECT_EQ(fold("٣٤"), "34");
}

TEST(Fold, a_legal_form_at_the_end_is_no_part_of_a_name) {
    for (const char* name : {"Acme",
                             "ACME AS",
                             "Acme A/S",
                             "acme a.s.",
                             "Acme, Inc.",
                             "Acme Ltd.",
                             "Acme Limited",
                             "Acme B.V.",
                             "Acme B V",
                             "Acme GmbH",
                             "Acme G.m.b.H.",
                             "Acme GmbH & Co. KG",
                             "Acme AG & Co. KGaA",
                             "Acme S.p.A.",
                             "Acme Sp. z o.o.",
                             "Acme S. de R.L. de C.V.",
                             "Acme Pty Ltd",
                             "Acme Co., Ltd.",
                             "Acme Oy",
                             "Acme S.à r.l.",
                             "Acme spol. s r.o.",
                             "Acme OÜ"}) {
        EXPECT_EQ(fold_organisation(name), "acme") << name;
    }
}

TEST(Fold, a_legal_form_elsewhere_is_a_part_of_the_name) {
    EXPECT_EQ(fold_organisation("AS"), "as");
    EXPECT_EQ(fold_organisation("AG"), "ag");
    EXPECT_EQ(fold_organisation("AS Oslo Sporveier"), "asoslosporveier");
    EXPECT_EQ(fold_organisation("Tiffany & Co."), "tiffanyco");
    EXPECT_EQ(fold_organisation("Texas"), "texas");
    EXPECT_EQ(fold_organisation("Limited Edition"), "limitededition");
    EXPECT_EQ(fold_organisation("Å Energi AS"), "aenergi");
    EXPECT_EQ(fold_organisation(""), "");
}

RC_GTEST_PROP(FoldLaw, folding_twice_is_folding_once, ()) {
    static const std::vector<std::string> pieces = {"a",  "B",  "ß", "Ø", "é",  "e\u0301",
                                                    " ",  "AS", "&", "1", "İ",  "Æ",
                                                    "가", "ﬁ",  "ΐ", "ŉ", "Co", "\xff"};
    std::string s;
    for (const auto& piece :
         *rc::gen::container<std::vector<std::string>>(rc::gen::elementOf(pieces))) {
        s += piece;
    }
    RC_ASSERT(fold(fold(s)) == fold(s));
    RC_ASSERT(fold(upper(s)) == fold(lower(s)));
    RC_ASSERT(fold(s).starts_with(fold_organisation(s)));
}

}  // namespace
}  // namespace entente::text
