#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

#include "base/text.hpp"
#include "bench/measurements.hpp"
#include "bench/report_line.hpp"
#include "bench/stage.hpp"

namespace entente::bench {
namespace {

constexpr std::int64_t parsed_max = 100'000;  // some seconds

std::vector<std::string> numbers(const char* spelling, std::int64_t count) {
    std::vector<std::string> out;
    for (std::int64_t i = 0; i < count; ++i)
        out.push_back(
            fmt::format(fmt::runtime(spelling), i / 1'000'000 % 10, i / 1'000 % 1'000, i % 1'000));
    return out;
}

template <class Fold>
Stopwatch time(const std::vector<std::string>& texts, Fold fold) {
    Stopwatch watch;
    std::size_t digits = 0;
    watch.start();
    for (const std::string& text : texts) digits += fold(text).size();
    watch.stop();
    if (digits < texts.size()) give_up("telephone numbers were not read");
    return watch;
}

double nanoseconds_each(const Stopwatch& watch, std::int64_t count) {
    return watch.cpu_seconds() * 1e9 / static_cast<double>(count);
}

}  // namespace

void measure_phones(const Plan& plan) {
    const std::int64_t count = std::min(plan.records, parsed_max);
    const auto fold = [](const std::string& text) { return text::fold_phone(text, "NO"); };
    const auto bare = [](const std::string& text) { return text::digits_only(text); };
    const std::vector<std::string> international = numbers("+47 2{} {:03} {:03}", count);
    const Stopwatch first = time({"22 33 44 55"}, fold);
    const Stopwatch quick = time(international, fold);
    const Stopwatch parsed = time(numbers("2{} {:03} {:03}", count), fold);
    const Stopwatch digits = time(international, bare);
    ReportLine line("phones");
    line.add("numbers", count);
    // After a sync in the same process nothing is first any more, if one of its records had to be parsed.
    line.add_number("first_ms", first.cpu_seconds() * 1e3, 1);
    line.add_number("quick_cpu_ns", nanoseconds_each(quick, count), 0);
    line.add_number("parsed_cpu_ns", nanoseconds_each(parsed, count), 0);
    line.add_number("bare_cpu_ns", nanoseconds_each(digits, count), 0);
    line.add_number("parsed_per_quick", parsed.cpu_seconds() / quick.cpu_seconds(), 0);
    line.add("ratio_is", "the quick path against picking out the digits");
    line.at_most(quick.cpu_seconds() / digits.cpu_seconds(), 10.0);
    line.print();
}

}  // namespace entente::bench
