#include "seeded/proof.hpp"

namespace entente::test {

void expect_found(SeededBug bug, const Story& story) {
    plant(std::nullopt);
    EXPECT_TRUE(story()) << "without the bug";
    plant(bug);
    EXPECT_FALSE(story()) << "the bug has no effect";
    EXPECT_GT(times_reached(), 0);
    plant(std::nullopt);
}

Linked::Linked(std::vector<model::SourceFile> catalog, const std::string& systems)
    : world(small_workspace("", systems), std::move(catalog)) {
    a = world.add("A", "things", R"({"code":"T1","name":"one","note":"n"})");
    b = world.add("B", "things", R"({"code":"T1","name":"one","note":"n"})");
    world.sweep();
}

std::string Linked::text(const std::string& system, const std::string& id,
                         const std::string& path) {
    const Value value = world.value(system, "things", id, path);
    return value.is_text() ? value.as_text() : "";
}

bool Linked::is_named(const std::string& name) {
    return text("A", a, "name") == name && text("B", b, "name") == name;
}

std::vector<model::SourceFile> catalog_with(const std::string& file, const std::string& from,
                                            const std::string& to) {
    auto catalog = small_catalog();
    for (model::SourceFile& source : catalog) {
        if (source.path != file) continue;
        const auto at = source.text.find(from);
        CHECK(at != std::string::npos, "the catalogue says so");
        source.text.replace(at, from.size(), to);
    }
    return catalog;
}

}  // namespace entente::test
