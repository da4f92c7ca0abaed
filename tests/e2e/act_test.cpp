// What a person says, with the real program: link, apart, relink, retry, and `status`, which names what waits and what answers it.
#include <gtest/gtest.h>

#include <sstream>

#include "world.hpp"

namespace entente::e2e {
namespace {

class ActTest : public testing::Test {
protected:
    void SetUp() override {
        const auto demo =
            entente({"demo", "--once", "--records", "100", "--seed", "9", "--dir", dir_, "--json"});
        ASSERT_EQ(demo.status, 0) << demo.err;
    }
    Value::List waits() {
        const auto status = entente({"status", dir_, "--json"});
        EXPECT_EQ(status.status, 0) << status.err;
        const Value shown = json_of(status.last_line);
        const Value* waits = shown.find("waits");
        return waits && waits->is_list() ? waits->as_list() : Value::List{};
    }
    // The first command of that word that answers what waits for that reason; empty: there is none.
    std::string command(const std::string& word, const char* reason) {
        for (const Value& one : waits())
            for (const Value& remedy : one.find("remedies")->as_list()) {
                if (!(*one.find("reason") == Value(reason))) continue;
                const Value* text = remedy.find("command");
                if (text->is_text() && text->as_text().starts_with("entente " + word + " "))
                    return text->as_text();
            }
        return {};
    }
    // As a person copies it into a shell. Requires: no word of it is quoted.
    static Finished typed(const std::string& command) {
        std::istringstream in(command);
        std::vector<std::string> words;
        for (std::string word; in >> word;) words.push_back(word);
        words.erase(words.begin());
        return entente(std::move(words));
    }

    Folder folder_;
    std::string dir_ = folder_.path("d");
};

// Goal: each thing that waits is told with its cause and a command that can be typed as it stands, and is answered by it for good.
TEST_F(ActTest, what_status_offers_can_be_typed_and_answers_it) {
    const auto before = waits();
    ASSERT_FALSE(before.empty()) << "the generator's doubtful records";
    for (const Value& one : before) {
        EXPECT_TRUE(one.find("record")->is_text());
        EXPECT_FALSE(one.find("cause")->as_text().empty());
        EXPECT_FALSE(one.find("remedies")->as_list().empty());
    }
    const auto run = entente({"run", dir_, "--until-idle"});
    EXPECT_EQ(run.status, 1) << "a person is waited for";
    EXPECT_NE((run.out + run.err).find("entente status " + dir_), std::string::npos) << run.err;
    const auto text = entente({"status", dir_});
    EXPECT_NE(text.out.find("entente apart " + dir_), std::string::npos) << text.out;

    const std::string apart = command("apart", "duplicate");
    ASSERT_FALSE(apart.empty());
    const auto said = typed(apart + " --by anna");
    EXPECT_EQ(said.status, 0) << said.err;
    EXPECT_EQ(entente({"run", dir_, "--until-idle"}).status, before.size() > 1 ? 1 : 0);
    EXPECT_LT(waits().size(), before.size());
    std::istringstream words(apart);
    std::string entente_word, act, dir, record, other;
    words >> entente_word >> act >> dir >> record >> other;
    const auto history = entente({"history", dir_, record});
    EXPECT_NE(history.out.find("told apart from " + other), std::string::npos) << history.out;
    const auto theirs = entente({"history", dir_, other});
    EXPECT_NE(theirs.out.find("says anna"), std::string::npos) << theirs.out;
}

// Goal: what names nothing, and what cannot be, is told with what would be right; nothing is changed by it.
TEST_F(ActTest, refusals_say_what_would_be_right) {
    const auto misspelt =
        entente({"link", dir_, "CustomWebshop.Produkt:p-101", "CustomERP.Item:1"});
    EXPECT_EQ(misspelt.status, 2);
    EXPECT_NE(misspelt.err.find("did you mean 'CustomWebshop.Product'"), std::string::npos)
        << misspelt.err;
    EXPECT_EQ(entente({"link", dir_, "CustomWebshop.Product:p-101"}).status, 2);
    EXPECT_EQ(entente({"apart", dir_, "CustomWebshop.Product", "CustomWebshop.Product:"}).status,
              2);
    const auto unknown =
        entente({"apart", dir_, "CustomWebshop.Product:none", "CustomWebshop.Product:p-101"});
    EXPECT_EQ(unknown.status, 1);
    EXPECT_NE(unknown.err.find("was never seen"), std::string::npos) << unknown.err;
    EXPECT_NE(unknown.err.find("entente status " + dir_), std::string::npos) << unknown.err;
    const auto one_list = entente(
        {"link", dir_, "CustomWebshop.Product:p-101", "CustomWebshop.Product:p-102", "--json"});
    EXPECT_EQ(one_list.status, 1);
    EXPECT_EQ(*json_of(one_list.last_line).find("done"), Value(false));
    EXPECT_NE(one_list.out.find("entente apart"), std::string::npos) << one_list.out;
    const auto which = entente({"retry", dir_});
    EXPECT_EQ(which.status, 2);
    EXPECT_NE(which.err.find("entente retry " + dir_ + " all"), std::string::npos) << which.err;
    EXPECT_EQ(entente({"retry", dir_, "CustomWebshop.Product:p-101"}).status, 1);
    EXPECT_EQ(entente({"retry", dir_, "all", "--not-there"}).status, 2);
    EXPECT_EQ(entente({"relink", dir_, "CustomWebshop.Product:p-101"}).status, 1);
    EXPECT_EQ(entente({"link", folder_.path("none"), "A.B:1", "A.B:2"}).status, 2);
    const auto all = entente({"retry", dir_, "all", "--json"});
    EXPECT_EQ(all.status, 0) << all.err;
    EXPECT_EQ(*json_of(all.last_line).find("done"), Value(true));
}

// Goal: while the engine runs nothing is said to it, and people are told whom to stop.
TEST_F(ActTest, a_running_engine_must_be_stopped_first) {
    Process engine({"run", dir_});
    ASSERT_TRUE(engine.says(": read, ")) << engine.out() << engine.err();
    const auto refused =
        entente({"apart", dir_, "CustomWebshop.Product:p-101", "CustomWebshop.Product:p-102"});
    EXPECT_EQ(refused.status, 4) << refused.err;
    EXPECT_NE(refused.err.find(std::to_string(engine.pid())), std::string::npos) << refused.err;
    EXPECT_NE(refused.err.find("Ctrl-C"), std::string::npos) << refused.err;
    engine.signal(2);
    EXPECT_EQ(engine.wait(), 0) << engine.err();
    EXPECT_EQ(entente({"apart", dir_, "CustomWebshop.Product:p-101", "CustomWebshop.Product:p-102"})
                  .status,
              0);
}

}  // namespace
}  // namespace entente::e2e
