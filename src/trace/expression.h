// The arithmetic behind one number, as a small tree: numbers with where they come from, joined by
// + · / √ exp log tanh. It can be evaluated (in double), and written out as text.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace whirlygig {

struct Expression {
    enum class Kind {
        number,      // a stored number or a constant
        named,       // a number with an arithmetic of its own, written below the line: "mean"
        sum,         // of all parts
        product,     // of all parts
        quotient,    // part 0 / part 1
        negative,    // −part 0
        square,      // part 0 squared
        root,        // √part 0
        exponential, // exp(part 0)
        logarithm,   // log(part 0)
        tanh,        // tanh(part 0)
    };

    Kind kind = Kind::number;
    double value = 0; // what the tree below evaluates to, in double

    // How large the numbers were that were combined, the measure for what rounding may do: a sum
    // adds its terms' magnitudes, a product multiplies them, exp is as uncertain as its argument
    // is large. A result that was stored as float is within 1e-6 of this from `value`.
    double magnitude = 0;

    std::string name;   // of a named number: "mean"
    std::string source; // of a number: "block.0.head.1.queries (3, 5)"; empty for a constant
    std::vector<Expression> parts;
    std::shared_ptr<const Expression> definition; // of a named number
};

Expression number(double value, std::string source = "");
Expression named(std::string name, Expression definition);
Expression sum(std::vector<Expression> terms); // of no terms: 0
Expression product(std::vector<Expression> factors);
Expression difference(Expression from, Expression subtracted);
Expression quotient(Expression numerator, Expression denominator);
Expression negative(Expression part);
Expression square(Expression part);
Expression root(Expression part);
Expression exponential(Expression part);
Expression logarithm(Expression part);
Expression hyperbolic_tangent(Expression part);

// The same arithmetic with other numbers: each number that was read from somewhere is replaced by
// what `number_of` says for its source and value.
Expression
substituted(const Expression& expression,
            const std::function<double(const std::string& source, double value)>& number_of);

struct TextOptions {
    int digits = 4;             // significant digits of each number
    std::size_t most_terms = 0; // a longer sum is cut short with "…"; 0 writes all
};

// For example "0.31·0.5 + (−0.2)·1.1 = −0.065", and then a line for each named number,
// "where mean = (0.1 + 0.7)/2 = 0.4".
std::string to_text(const Expression& expression, const TextOptions& options = {});

// A number as the texts write it: significant digits, "−" for minus, "−∞".
std::string number_text(double value, int digits);

} // namespace whirlygig
