#include "trace/expression.h"

#include "error.h"

#include <algorithm>
#include <cmath>

namespace whirlygig {
namespace {

using Kind = Expression::Kind;

Expression make(Kind kind, double value, double magnitude, std::vector<Expression> parts) {
    Expression expression;
    expression.kind = kind;
    expression.value = value;
    expression.magnitude = magnitude;
    expression.parts = std::move(parts);
    return expression;
}

std::vector<Expression> parts_of(Expression first) {
    std::vector<Expression> parts;
    parts.push_back(std::move(first));
    return parts;
}

// A finite magnitude for a number: −∞ is exact, it adds no uncertainty.
double size_of(double value) {
    return std::isfinite(value) ? std::abs(value) : 0;
}

} // namespace

Expression number(double value, std::string source) {
    Expression expression = make(Kind::number, value, size_of(value), {});
    expression.source = std::move(source);
    return expression;
}

Expression named(std::string name, Expression definition) {
    Expression expression = make(Kind::named, definition.value, definition.magnitude, {});
    expression.name = std::move(name);
    expression.definition = std::make_shared<const Expression>(std::move(definition));
    return expression;
}

Expression sum(std::vector<Expression> terms) {
    double value = 0, magnitude = 0;
    for (const Expression& term : terms) {
        value += term.value;
        magnitude += term.magnitude;
    }
    return make(Kind::sum, value, magnitude, std::move(terms));
}

Expression product(std::vector<Expression> factors) {
    double value = 1, magnitude = 1;
    for (const Expression& factor : factors) {
        value *= factor.value;
        magnitude *= factor.magnitude;
    }
    return make(Kind::product, value, magnitude, std::move(factors));
}

Expression difference(Expression from, Expression subtracted) {
    std::vector<Expression> terms = parts_of(std::move(from));
    terms.push_back(negative(std::move(subtracted)));
    return sum(std::move(terms));
}

Expression quotient(Expression numerator, Expression denominator) {
    const double value = numerator.value / denominator.value;
    // A denominator that is known only roughly makes the whole quotient rough.
    const double rough = std::max(1.0, denominator.magnitude / std::abs(denominator.value));
    const double magnitude = numerator.magnitude / std::abs(denominator.value) * rough;
    std::vector<Expression> parts = parts_of(std::move(numerator));
    parts.push_back(std::move(denominator));
    return make(Kind::quotient, value, magnitude, std::move(parts));
}

Expression negative(Expression part) {
    const double value = -part.value, magnitude = part.magnitude;
    return make(Kind::negative, value, magnitude, parts_of(std::move(part)));
}

Expression square(Expression part) {
    const double value = part.value * part.value, magnitude = part.magnitude * part.magnitude;
    return make(Kind::square, value, magnitude, parts_of(std::move(part)));
}

Expression root(Expression part) {
    const double value = std::sqrt(part.value);
    const double magnitude = value > 0 ? part.magnitude / value : std::sqrt(part.magnitude);
    return make(Kind::root, value, magnitude, parts_of(std::move(part)));
}

Expression exponential(Expression part) {
    const double value = std::exp(part.value);
    const double magnitude = value * std::max(1.0, part.magnitude);
    return make(Kind::exponential, value, magnitude, parts_of(std::move(part)));
}

Expression logarithm(Expression part) {
    const double value = std::log(part.value);
    const double magnitude = std::max(std::abs(value), part.magnitude / std::abs(part.value));
    return make(Kind::logarithm, value, magnitude, parts_of(std::move(part)));
}

Expression hyperbolic_tangent(Expression part) {
    const double value = std::tanh(part.value);
    // The slope of tanh, 1 − tanh², damps what is uncertain in the argument.
    const double magnitude = std::abs(value) + (1 - value * value) * part.magnitude;
    return make(Kind::tanh, value, magnitude, parts_of(std::move(part)));
}

Expression
substituted(const Expression& expression,
            const std::function<double(const std::string& source, double value)>& number_of) {
    if (expression.kind == Kind::number) {
        if (expression.source.empty()) return expression;
        return number(number_of(expression.source, expression.value), expression.source);
    }
    if (expression.kind == Kind::named)
        return named(expression.name, substituted(*expression.definition, number_of));
    std::vector<Expression> parts;
    parts.reserve(expression.parts.size());
    for (const Expression& part : expression.parts)
        parts.push_back(substituted(part, number_of));
    switch (expression.kind) {
    case Kind::sum:
        return sum(std::move(parts));
    case Kind::product:
        return product(std::move(parts));
    case Kind::quotient:
        return quotient(std::move(parts[0]), std::move(parts[1]));
    case Kind::negative:
        return negative(std::move(parts[0]));
    case Kind::square:
        return square(std::move(parts[0]));
    case Kind::root:
        return root(std::move(parts[0]));
    case Kind::exponential:
        return exponential(std::move(parts[0]));
    case Kind::logarithm:
        return logarithm(std::move(parts[0]));
    case Kind::tanh:
        return hyperbolic_tangent(std::move(parts[0]));
    case Kind::number:
    case Kind::named:
        break;
    }
    return expression;
}

} // namespace whirlygig
