// What a line of arithmetic in plain signs comes to, worked out from its text alone:
// "beta1·mean + (1 − beta1)·gradient" with numbers for the names, "2·(−0.5)", "√(4) + 1e-08".
#pragma once

#include <cmath>
#include <cstdlib>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>

namespace support {

// `size` is how large the numbers were that were added up: rounding is measured by it.
struct FormulaValue {
    double value = 0, size = 0;
};

class FormulaReader {
public:
    using Names = std::map<std::string, double>;

    explicit FormulaReader(std::string_view formula, const Names& known = {})
        : rest(formula),
          names(known) {}

    FormulaValue read() {
        const FormulaValue found = sum();
        if (!rest.empty()) throw std::runtime_error("can't read on at " + std::string(rest));
        return found;
    }

private:
    bool take(std::string_view sign) {
        if (!rest.starts_with(sign)) return false;
        rest.remove_prefix(sign.size());
        return true;
    }

    FormulaValue sum() {
        FormulaValue total = term();
        while (true) {
            const bool plus = take(" + ");
            if (!plus && !take(" − ")) return total;
            const FormulaValue next = term();
            total.value += plus ? next.value : -next.value;
            total.size += next.size;
        }
    }

    FormulaValue term() {
        FormulaValue total = factor();
        while (true) {
            if (take("·")) {
                const FormulaValue next = factor();
                total = {total.value * next.value, total.size * next.size};
            } else if (take(" / ")) {
                const FormulaValue next = factor();
                total = {total.value / next.value, total.size / std::abs(next.value)};
            } else {
                return total;
            }
        }
    }

    FormulaValue factor() {
        FormulaValue found = atom();
        if (take("²")) return {found.value * found.value, found.size * found.size};
        if (!take("^")) return found;
        const double power = std::pow(found.value, atom().value);
        return {power, std::abs(power)};
    }

    FormulaValue atom() {
        if (take("−")) {
            const FormulaValue found = factor();
            return {-found.value, found.size};
        }
        if (take("√")) {
            const FormulaValue found = atom();
            return {std::sqrt(found.value), std::sqrt(found.size)};
        }
        if (take("(")) {
            const FormulaValue found = sum();
            if (!take(")")) throw std::runtime_error("a bracket stays open: " + std::string(rest));
            return found;
        }
        return name_or_number();
    }

    FormulaValue name_or_number() {
        std::string longest;
        for (const auto& [name, value] : names) {
            if (rest.starts_with(name) && name.size() > longest.size()) longest = name;
        }
        if (!longest.empty()) {
            rest.remove_prefix(longest.size());
            return {names.at(longest), std::abs(names.at(longest))};
        }
        const std::string text(rest);
        char* end = nullptr;
        const double number = std::strtod(text.c_str(), &end);
        if (end == text.c_str()) throw std::runtime_error("there is no number at " + text);
        rest.remove_prefix(static_cast<std::size_t>(end - text.c_str()));
        return {number, std::abs(number)};
    }

    std::string_view rest;
    const Names& names;
};

inline FormulaValue value_of_formula(std::string_view formula,
                                     const FormulaReader::Names& names = {}) {
    return FormulaReader(formula, names).read();
}

} // namespace support
