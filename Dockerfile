# The server alone; PostgreSQL runs beside it, see compose.yaml.
FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /source
COPY . .
RUN dotnet publish src/Lifecycle.Api -c Release -o /app --nologo

FROM mcr.microsoft.com/dotnet/aspnet:10.0
WORKDIR /app
COPY --from=build /app .
RUN mkdir /data && chown "$APP_UID" /data
USER $APP_UID
VOLUME /data
ENTRYPOINT ["dotnet", "Lifecycle.Api.dll", "--data", "/data", "--port", "5080", "--demo", "none"]
