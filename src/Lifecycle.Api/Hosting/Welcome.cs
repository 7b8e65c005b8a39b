namespace Lifecycle.Api.Hosting;

/// <summary>What the server tells the person who started it.</summary>
public static class Welcome
{
    public static void Print(LifecycleServer server, TextWriter output)
    {
        var address = server.Address;
        var file = ServerFile.PathIn(Path.GetFullPath(server.Options.DataFolder));
        output.WriteLine($"""

            Lifecycle is ready.

              page        {address.Console}#key={address.AdminKey}{(server.Demo is { } shown ? "&customer=" + shown.Star : "")}
              write key   {address.WriteKey}   (sends events)
              admin key   {address.AdminKey}   (reads and steers)
              all of it   {file}

            """);
        if (server.Demo is { } demo)
        {
            output.WriteLine($"""
                The life of {demo.Star}, event by event:

                  curl -s -H 'Authorization: Bearer {address.AdminKey}' '{address.Url}/v1/customers/{demo.Star}/timeline?order=desc&limit=10'

                What happens next: {demo.Outlook}

                """);
        }
        else
        {
            output.WriteLine($$$"""
                Send a first event:

                  curl -s -u {{{address.WriteKey}}}: {{{address.Url}}}/v1/track \
                    -d '{"userId":"ann","event":"Order Completed","properties":{"revenue":19.90}}'

                and look at who it was about:

                  curl -s -H 'Authorization: Bearer {{{address.AdminKey}}}' {{{address.Url}}}/v1/customers/ann/timeline

                """);
        }
        output.WriteLine("Ctrl-C stops it; started again, it goes on with its data.");
        output.Flush();
    }
}
