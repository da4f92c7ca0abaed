// One measurement as one line of JSON: what was measured, the bare loop beside it, and whether the target holds.
#pragma once

#include <cstdint>
#include <string>

#include "base/value.hpp"

namespace entente::bench {

class ReportLine {
public:
    explicit ReportLine(const std::string& name);
    ReportLine& add(const std::string& key, Value value);
    ReportLine& add_number(const std::string& key, double number, int decimals);
    // The ratio, and the target it is judged by.
    ReportLine& at_most(double ratio, double target);
    ReportLine& at_least(double ratio, double target);
    void print() const;

private:
    Value line_ = Value::object();
};

// Of this process, in MiB.
struct MemoryUse {
    double resident = 0;
    double resident_peak = 0;
};
MemoryUse memory_use();

}  // namespace entente::bench
