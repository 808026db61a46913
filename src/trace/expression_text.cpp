// Writing an expression out as text.
#include "trace/expression.h"

#include "error.h"

#include <cmath>

namespace whirlygig {
namespace {

using Kind = Expression::Kind;

class Writer {
public:
    explicit Writer(const TextOptions& options)
        : options(options) {}

    std::string write(const Expression& expression) {
        const auto& parts = expression.parts;
        switch (expression.kind) {
        case Kind::number:
            return number_text(expression.value, options.digits);
        case Kind::named:
            return write_named(expression);
        case Kind::sum:
            return write_sum(parts);
        case Kind::product:
            return write_product(parts);
        case Kind::quotient:
            return write_quotient(parts);
        case Kind::negative:
            return "−" + factor(parts[0]);
        case Kind::square:
            return factor(parts[0]) + "²";
        case Kind::root:
            return "√(" + write(parts[0]) + ")";
        case Kind::exponential:
            return "exp(" + write(parts[0]) + ")";
        case Kind::logarithm:
            return "log(" + write(parts[0]) + ")";
        case Kind::tanh:
            return "tanh(" + write(parts[0]) + ")";
        }
        return "";
    }

    // The named numbers that were met, in the order in which they were met first.
    const std::vector<const Expression*>& named_numbers() const { return met; }

private:
    std::string write_named(const Expression& expression) {
        bool known = false;
        for (const Expression* other : met)
            known = known || other->name == expression.name;
        if (!known) met.push_back(&expression);
        return expression.name;
    }

    std::string write_sum(const std::vector<Expression>& terms) {
        if (terms.empty()) return "0";
        std::string text;
        for (std::size_t index = 0; index < terms.size(); ++index) {
            if (options.most_terms > 0 && index == options.most_terms) {
                return text + fmt::format(" + … ({} more)", terms.size() - index);
            }
            const Expression& term = terms[index];
            if (index == 0) {
                text = write(term);
            } else if (term.kind == Kind::negative) {
                text += " − " + factor(term.parts[0]);
            } else {
                const bool signed_number = term.kind == Kind::number && std::signbit(term.value);
                text += " + " + (signed_number ? "(" + write(term) + ")" : write(term));
            }
        }
        return text;
    }

    std::string write_product(const std::vector<Expression>& factors) {
        std::string text;
        for (const Expression& part : factors) {
            if (!text.empty()) text += "·";
            text += factor(part);
        }
        return text;
    }

    std::string write_quotient(const std::vector<Expression>& parts) {
        const std::string numerator = factor(parts[0]); // first, for the order of named numbers
        return numerator + " / " + factor(parts[1]);
    }

    // In brackets where a factor could be misread.
    std::string factor(const Expression& part) {
        const bool negative_number = part.kind == Kind::number && std::signbit(part.value);
        const bool compound = part.kind == Kind::sum || part.kind == Kind::quotient ||
                              part.kind == Kind::negative || part.kind == Kind::product;
        return negative_number || compound ? "(" + write(part) + ")" : write(part);
    }

    TextOptions options;
    std::vector<const Expression*> met;
};

} // namespace

std::string to_text(const Expression& expression, const TextOptions& options) {
    Writer writer(options);
    std::string text = writer.write(expression);
    if (expression.kind != Kind::number)
        text += " = " + number_text(expression.value, options.digits);
    // A definition may name further numbers, which are then appended to the list.
    for (std::size_t index = 0; index < writer.named_numbers().size(); ++index) {
        const Expression& met = *writer.named_numbers()[index];
        text += fmt::format("\nwhere {} = {} = {}", met.name, writer.write(*met.definition),
                            number_text(met.value, options.digits));
    }
    return text;
}

std::string number_text(double value, int digits) {
    if (std::isnan(value)) return "not a number";
    if (std::isinf(value)) return value > 0 ? "∞" : "−∞";
    const std::string text = fmt::format("{:.{}g}", std::abs(value), digits);
    return std::signbit(value) && value != 0 ? "−" + text : text;
}

} // namespace whirlygig
