using IdExtractor.Cli.Commands;
using IdExtractor.Cli.Options;
using IdExtractor.Core.Job;
using IdExtractor.Core.Keys;
using IdExtractor.Core.Storage;
using IdExtractor.Core.Storage.Local;
using IdExtractor.Foundation.Errors;

namespace IdExtractor.Cli.Places;

/// <summary>
/// Ensures that a run writes nothing where it reads, and that its report overwrites neither: such a
/// run would destroy its input, or the next one would find its output among the data. Places are
/// compared by what they lead to, whatever they are called. What only the catalog knows is checked
/// later, by the pipeline.
/// </summary>
internal static class RunPlaces
{
    private const string Advice = "give another place";

    /// <summary>Refuses options that name one place twice.</summary>
    /// <param name="values">The options of the run.</param>
    /// <exception cref="UsageException">An output, or the report, is in a place that is read; or
    /// the report is an output.</exception>
    public static void Check(OptionValues values)
    {
        var inputs = InputsOf(values).ToList();
        if (values.Find(OptionTable.Output) is string output)
        {
            var layout = new OutputLayout(SettingsOf.Layout(values));
            CheckOutput(values, output, layout, inputs);
            CheckReports(values, output, layout, inputs);
        }
        else
        {
            CheckReports(values, null, null, inputs);
        }
    }

    private static void CheckOutput(OptionValues values, string output, OutputLayout layout, List<Input> inputs)
    {
        var stageKey = layout.StageKey(DateTimeOffset.UnixEpoch);
        foreach (var input in inputs)
        {
            if (input.IsFolder && input.Holds(output))
                throw Refused(values, OptionTable.Output, isInside: true, input);
            if (input.Holds(Below(output, layout.ActiveKey)))
                throw Refused(
                    values, values.Has(OptionTable.ActiveKey) ? OptionTable.ActiveKey : OptionTable.Output, input.IsFolder, input);
            if (values.Has(OptionTable.From) || values.Has(OptionTable.TableB))
            {
                if (input.Holds(Below(output, stageKey)))
                    throw Refused(
                        values, values.Has(OptionTable.StageKey) ? OptionTable.StageKey : OptionTable.Output, input.IsFolder, input);
            }
        }
    }

    private static void CheckReports(OptionValues values, string? output, OutputLayout? layout, List<Input> inputs)
    {
        OptionDefinition[] reports = [OptionTable.Report, OptionTable.ReportHtml, OptionTable.HistoryHtml];
        foreach (var option in reports)
            CheckReport(values, option, output, layout, inputs);
        var given = reports.Where(values.Has).ToArray();
        for (var i = 1; i < given.Length; i++)
        {
            foreach (var other in given[..i])
            {
                if (ReportOutput.IsSamePlace(values.Text(other), values.Text(given[i])))
                    throw new UsageException($"{values.Describe(other)} and {values.Describe(given[i])} name the same place", Advice);
            }
        }
    }

    private static void CheckReport(OptionValues values, OptionDefinition option, string? output, OutputLayout? layout, List<Input> inputs)
    {
        if (values.Find(option) is not string report || report == ReportOutput.Dash)
            return;
        if (report.Contains(AddressScheme.Separator, StringComparison.Ordinal))
            throw new UsageException(
                $"{values.Describe(option)} takes a local path or -, not {Quoted.Of(report)}", "copy the report afterwards");
        foreach (var input in inputs)
        {
            if (input.Holds(report))
                throw Refused(values, option, input.IsFolder, input);
        }

        if (output is null || layout is null || AddressScheme.IsS3(output))
            return;
        var place = LocalPlace.Of(report);
        var root = LocalPlace.Of(LocalStoreProvider.ToPath(output));
        var stage = (values.Find(OptionTable.VerifiedStage) ?? values.Find(OptionTable.PromotedStage)) as string;
        foreach (var key in new[] { layout.ActiveKey, stage is null ? null : StageFile.KeyOf(stage, output) }.OfType<string>())
        {
            foreach (var path in LocalObjectStore.FilesOf(root.Path, key))
            {
                if (place.IsSameAs(LocalPlace.Of(path)))
                    throw new UsageException($"{values.Describe(option)} names a file of the output", Advice);
            }
        }

        if (place.IsWithin(root)
            && LocalObjectStore.IsOfKey(Path.GetRelativePath(root.Path, place.Path).Replace(Path.DirectorySeparatorChar, '/'),
                layout.IsOurs))
            throw new UsageException($"{values.Describe(option)} names a file of the output", Advice);
    }

    private static IEnumerable<Input> InputsOf(OptionValues values)
    {
        foreach (var option in new[] { OptionTable.TableA, OptionTable.TableB, OptionTable.From })
        {
            if (values.Find(option) is not string reference || AddressScheme.IsGlue(reference))
                continue;
            var isFile = option == OptionTable.TableA && KeyListReader.IsKeyList(reference);
            yield return new Input(option, isFile ? reference : TableOf(reference), !isFile);
        }

        if (values.Find(OptionTable.Config) is string config)
            yield return new Input(OptionTable.Config, config, false);
    }

    /// <summary>The table of a reference that ends in partition folders.</summary>
    private static string TableOf(string reference)
    {
        var table = reference.TrimEnd('/');
        while (table.LastIndexOf('/') is > 0 and var slash && table.IndexOf('=', slash) > slash + 1)
            table = table[..slash].TrimEnd('/');
        return table.Length == 0 || table.EndsWith(":/", StringComparison.Ordinal) ? reference : table;
    }

    private static string Below(string root, string key) => $"{root.TrimEnd('/')}/{key}";

    private static UsageException Refused(OptionValues values, OptionDefinition option, bool isInside, Input input)
    {
        var (output, source) = (values.Describe(option), values.Describe(input.Option));
        return new(
            (isInside, input.Option == OptionTable.Config) switch
            {
                (true, true) => $"{output} is in the file that {source} names",
                (true, false) => $"{output} is in the data that {source} names",
                (false, true) => $"{output} is the file that {source} names",
                (false, false) => $"{output} is the data that {source} names",
            },
            Advice);
    }

    /// <summary>Something that the run reads.</summary>
    /// <param name="Option">The option that names it.</param>
    /// <param name="Reference">As it is given.</param>
    /// <param name="IsFolder">Everything below it is read too.</param>
    private sealed record Input(OptionDefinition Option, string Reference, bool IsFolder)
    {
        /// <summary>A path or address is this input, or is below it.</summary>
        public bool Holds(string address)
        {
            if (AddressScheme.IsS3(Reference) || AddressScheme.IsS3(address))
            {
                var (name, root) = (address.TrimEnd('/'), Reference.TrimEnd('/'));
                return name == root || (IsFolder && name.StartsWith(root + "/", StringComparison.Ordinal));
            }

            var (place, input) = (LocalPlace.Of(LocalStoreProvider.ToPath(address)), LocalPlace.Of(LocalStoreProvider.ToPath(Reference)));
            return IsFolder && !File.Exists(input.Path) ? place.IsWithin(input) : place.IsSameAs(input);
        }
    }
}
