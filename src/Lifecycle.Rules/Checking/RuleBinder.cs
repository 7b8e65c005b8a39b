using Lifecycle.Domain.Evaluation.Terms;
using Lifecycle.Domain.Values;
using Lifecycle.Rules.Syntax;

namespace Lifecycle.Rules.Checking;

/// <summary>Reads and binds whole rules: what stands under <c>when</c>, <c>keep</c>, <c>exit</c>, <c>points</c> and their like.</summary>
/// <remarks>Null is the answer to what is wrong, after the complaint, and to what is not there.</remarks>
internal sealed class RuleBinder(ReleaseNames names)
{
    /// <param name="what">What it is called in messages: <c>`when`</c>.</param>
    public Term? Condition(RuleText? text, Scope scope, string what, WhereScope? where = null) =>
        Bind(text, scope, where, (binder, expression) => binder.BindTruth(expression, what));

    public Term? Number(RuleText text, Scope scope, string what) => Bind(text, scope, null, (binder, expression) =>
        binder.Bind(expression, RuleType.Number) switch
        {
            null => null,
            { Type: RuleType.Number } number => number,
            var other => binder.Complain(expression.Span, ErrorCodes.Type,
                $"{what} wants a number, and `{TermBinder.Shorten(other.Text)}` is {Vocabulary.Name(other.Type)}",
                other.Type == RuleType.Duration ? "divide it by a duration, as in `age / 1 day`"
                    : other is TriggerTerm ? "declare the property as number or money under `events`" : null),
        });

    /// <summary>A value of any type, and how it was written.</summary>
    public (Term? Term, Expression? Written) Value(RuleText text, Scope scope)
    {
        Expression? written = null;
        var term = Bind(text, scope, null, (binder, expression) => binder.Bind(written = expression));
        return (term, written);
    }

    /// <summary>A duration in milliseconds.</summary>
    public long? Milliseconds(RuleText? text) => text is not null && RuleParser.ParseDuration(text, names.Complaints) is { } duration
        ? new TermBinder(names, text, new Scope(null)).Milliseconds(duration)
        : null;

    private Term? Bind(RuleText? text, Scope scope, WhereScope? where, Func<TermBinder, Expression, Term?> bind)
    {
        if (text is null || RuleParser.ParseExpression(text, names.Complaints) is not { } expression) return null;
        var term = bind(new TermBinder(names, text, scope, where), expression);
        if (scope.Parts <= Limits.Parts) return term;
        names.Complaints.Add(text, ErrorCodes.Limit,
            $"this rule is made of {scope.Parts} parts, its metrics included; at most {Limits.Parts} are judged",
            "make it simpler, or split it over several stages");
        return null;
    }
}
