using IdExtractor.Fuzz.Probing;

if (args is ["probe"])
{
    using var loop = new ProbeLoop();
    loop.Run(Console.In, Console.Out);
    return 0;
}

return 2;
