// Every input of the committed corpora, fed to its target: what the fuzzer once found stays found.
// A broken CHECK ends the process; the last test that was begun names the input.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "targets/targets.hpp"

namespace entente::fuzz {
namespace {

const std::filesystem::path corpus = std::filesystem::path(ENTENTE_SOURCE_DIR) / "fuzz/corpus";

struct Case {
    Target target;
    std::string file;
};

std::vector<Case> cases() {
    std::vector<Case> out;
    for (const Target& target : targets()) {
        std::vector<std::string> files;
        std::error_code missing;
        for (const auto& entry :
             std::filesystem::directory_iterator(corpus / target.name, missing)) {
            files.push_back(entry.path().filename().string());
        }
        std::ranges::sort(files);
        for (std::string& file : files) out.push_back({target, std::move(file)});
    }
    return out;
}

// "json/deep_list" -> "json_deep_list": names of tests are words.
std::string name_of(const ::testing::TestParamInfo<Case>& info) {
    std::string name = std::string(info.param.target.name) + "_" + info.param.file;
    std::ranges::replace_if(name, [](unsigned char c) { return std::isalnum(c) == 0; }, '_');
    return name;
}

class Corpus : public ::testing::TestWithParam<Case> {};

TEST_P(Corpus, keeps_every_check_of_its_target) {
    const auto path = corpus / GetParam().target.name / GetParam().file;
    std::ifstream file(path, std::ios::binary);
    ASSERT_TRUE(file.is_open()) << path;
    const std::string text(std::istreambuf_iterator<char>(file), {});
    const std::vector<std::uint8_t> bytes(text.begin(), text.end());
    GetParam().target.run(bytes);
}

INSTANTIATE_TEST_SUITE_P(fuzz, Corpus, ::testing::ValuesIn(cases()), name_of);

TEST(CorpusFolders, every_target_has_its_own_and_no_other_is_there) {
    std::vector<std::string> folders;
    for (const auto& entry : std::filesystem::directory_iterator(corpus)) {
        folders.push_back(entry.path().filename().string());
    }
    std::vector<std::string> names;
    for (const Target& target : targets()) names.emplace_back(target.name);
    std::ranges::sort(folders);
    std::ranges::sort(names);
    EXPECT_EQ(folders, names);
}

TEST(CorpusFolders, every_target_has_inputs_and_takes_none_too) {
    for (const Target& target : targets()) {
        EXPECT_FALSE(std::filesystem::is_empty(corpus / target.name)) << target.name;
        target.run({});
    }
}

}  // namespace
}  // namespace entente::fuzz
