# The server and the command line, built from source. See docs/operations.md, "In containers".
FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /source
COPY . .
# Restores exactly what the lock files name.
RUN dotnet publish src/Lifecycle.Api/Lifecycle.Api.csproj -c Release -o /out/server --nologo \
 && dotnet publish src/Lifecycle.Cli/Lifecycle.Cli.csproj -c Release -o /out/cli --nologo

FROM mcr.microsoft.com/dotnet/aspnet:10.0
COPY --from=build /out /app
# The data folder belongs to the user that the server runs as; a named volume mounted here takes its owner over.
RUN mkdir /data && chown "$APP_UID" /data
USER $APP_UID
# Inside the container it listens on every address; compose.yaml publishes the port on the host's loopback address only.
ENV LIFECYCLE_BIND=0.0.0.0 LIFECYCLE_FOLDER=/data DOTNET_CLI_TELEMETRY_OPTOUT=1
VOLUME /data
EXPOSE 5080
ENTRYPOINT ["dotnet", "/app/server/Lifecycle.Api.dll", "--data", "/data", "--port", "5080"]
CMD ["--demo", "none"]
