using IdExtractor.Core.Job;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace IdExtractor.Display;

/// <summary>The bar itself; the only type that touches the drawing library.</summary>
internal sealed class LiveBar(Terminal terminal)
{
    private static readonly TimeSpan s_refresh = TimeSpan.FromMilliseconds(100);

    /// <summary>Draws until the run is over, then removes the bar.</summary>
    public void Draw(ProgressMeter meter, ManualResetEventSlim over)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(Console.Error),
            Ansi = AnsiSupport.Yes,
            Interactive = InteractionSupport.Yes,
            ColorSystem = Terminal.NoColor ? ColorSystemSupport.NoColors : ColorSystemSupport.Detect,
        });
        var details = new DetailsColumn();
        console.Progress()
            .AutoClear(true)
            .AutoRefresh(false)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn { Width = 24 }, new PercentageColumn(), details)
            .Start(progress =>
            {
                terminal.DetourError(console.WriteLine);
                try
                {
                    Follow(progress, details, meter, over);
                }
                finally
                {
                    terminal.DetourError(null);
                }
            });
    }

    private static void Follow(ProgressContext progress, DetailsColumn details, ProgressMeter meter, ManualResetEventSlim over)
    {
        var task = progress.AddTask(RunPhase.Catalog.ToName());
        do
        {
            var sample = details.Sample = meter.Sample();
            task.Description = sample.Phase.ToName();
            task.IsIndeterminate = sample.RowsTotal == 0;
            task.MaxValue = Math.Max(1, sample.RowsTotal);
            task.Value = sample.Rows;
            progress.Refresh();
        }
        while (!over.Wait(s_refresh));
    }

    /// <summary>Rows, bytes, rate and time left.</summary>
    private sealed class DetailsColumn : ProgressColumn
    {
        /// <summary>What to show.</summary>
        public ProgressSample? Sample { get; set; }

        protected override bool NoWrap => true;

        public override IRenderable Render(RenderOptions options, ProgressTask task, TimeSpan deltaTime) => new Text(Sample?.Details ?? "");
    }
}
