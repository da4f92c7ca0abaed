#include "bench/report_line.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <fstream>

#include "base/json.hpp"
#include "bench/stage.hpp"

namespace entente::bench {

ReportLine::ReportLine(const std::string& name) {
    line_.set("bench", name);
}

ReportLine& ReportLine::add(const std::string& key, Value value) {
    line_.set(key, std::move(value));
    return *this;
}

ReportLine& ReportLine::add_number(const std::string& key, double number, int decimals) {
    return add(key, must(Decimal::parse(fmt::format("{:.{}f}", number, decimals))));
}

ReportLine& ReportLine::at_most(double ratio, double target) {
    add_number("ratio", ratio, 2);
    add("target", fmt::format("at most {:.1f}", target));
    return add("holds", ratio <= target);
}

ReportLine& ReportLine::at_least(double ratio, double target) {
    add_number("ratio", ratio, 2);
    add("target", fmt::format("at least {:.1f}", target));
    return add("holds", ratio >= target);
}

void ReportLine::print() const {
    fmt::print("{}\n", json::write(line_));
    std::fflush(stdout);
}

MemoryUse memory_use() {
    MemoryUse out;
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);) {
        long kib = 0;
        if (std::sscanf(line.c_str(), "VmRSS: %ld", &kib) == 1)
            out.resident = static_cast<double>(kib) / 1024;
        if (std::sscanf(line.c_str(), "VmHWM: %ld", &kib) == 1)
            out.resident_peak = static_cast<double>(kib) / 1024;
    }
    return out;
}

}  // namespace entente::bench
