// Goal: what a mistake with memory could be used for stays small, in the program as it is built and shipped.
// Method: the file of the built program is read as ELF; what the loader and the kernel will see there is what counts.
#include "binary/elf.hpp"

#include <elf.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace entente::binary {
namespace {

const Elf& program() {
    static const Elf elf = read_elf(ENTENTE_BINARY);
    return elf;
}

TEST(hardening, the_program_can_be_loaded_anywhere) {
    EXPECT_EQ(program().type, ET_DYN);
    EXPECT_TRUE(program().position_independent) << "the linker was not told -pie";
}

TEST(hardening, tables_of_addresses_are_read_only_once_the_program_runs) {
    EXPECT_TRUE(program().relro) << "no PT_GNU_RELRO: link with -z relro";
    EXPECT_TRUE(program().bind_now)
        << "addresses are looked up late, so their table stays writable: link with -z now";
}

TEST(hardening, the_stack_holds_no_code) {
    EXPECT_TRUE(program().stack_stated)
        << "without PT_GNU_STACK the kernel makes the stack executable";
    EXPECT_FALSE(program().stack_executable);
}

TEST(hardening, an_overrun_of_the_stack_ends_the_program) {
    EXPECT_TRUE(program().imports.contains("__stack_chk_fail"))
        << "compile with -fstack-protector-strong";
}

TEST(hardening, calls_that_would_write_past_their_target_end_the_program) {
    if (!ENTENTE_CALLS_CHECKED)
        GTEST_SKIP() << "the sanitizers check these calls better, and a build for debugging cannot";
    const auto checked = [](const std::string& name) {
        return name.starts_with("__") && name.ends_with("_chk");
    };
    EXPECT_TRUE(std::ranges::any_of(program().imports, checked))
        << "compile with -D_FORTIFY_SOURCE=3";
}

TEST(hardening, a_file_that_is_no_program_is_told) {
    EXPECT_THROW(read_elf(__FILE__), std::runtime_error);
}

}  // namespace
}  // namespace entente::binary
