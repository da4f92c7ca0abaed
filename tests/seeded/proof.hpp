// A small proof that a seeded bug is alive: a story in which the rule that it leaves out decides. It holds while no bug is
// awake, and does not once the bug is; a mark that lost its effect fails here.
#pragma once

#include <functional>
#include <string>

#include "base/seeded_bug.hpp"
#include "sync/world.hpp"

namespace entente::test {

// One story: whether its guarantee held to the end.
using Story = std::function<bool()>;

// Checks both ways, and that the mark was reached.
void expect_found(SeededBug bug, const Story& story);

// A thing that A and B both have, linked and at rest.
struct Linked {
    World world;
    std::string a, b;

    explicit Linked(std::vector<model::SourceFile> catalog = small_catalog(),
                    const std::string& systems = "");
    std::string text(const std::string& system, const std::string& id, const std::string& path);
    bool is_named(const std::string& name);  // in A and B
};

// The catalogue with one piece of text in a file replaced by another.
std::vector<model::SourceFile> catalog_with(const std::string& file, const std::string& from,
                                            const std::string& to);

}  // namespace entente::test
